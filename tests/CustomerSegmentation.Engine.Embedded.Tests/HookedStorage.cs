using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Engine.Embedded.Tests;

/// <summary>A storage that calls a test before some of its work; what the test throws is the storage's fault.</summary>
internal sealed class HookedStorage(IStorage inner) : IStorage
{
    /// <summary>Before a customer is loaded.</summary>
    public Action<string>? Loading { get; set; }

    /// <summary>Before a customer's journal is read.</summary>
    public Action<string>? Reading { get; set; }

    /// <summary>Before checkpoints are written.</summary>
    public Action? Checkpointing { get; set; }

    /// <summary>Before customers are erased.</summary>
    public Action<IReadOnlyList<string>>? Erasing { get; set; }

    public IJournal Journal => new HookedJournal(this, inner.Journal);

    public ICustomerStore Customers => new HookedCustomers(this, inner.Customers);

    public IProfileIndex Profiles => inner.Profiles;

    public ISegmentationStore Segmentations => inner.Segmentations;

    public IAudienceStore Audiences => inner.Audiences;

    public IModelStore Models => inner.Models;

    public IRejectionLog Rejections => inner.Rejections;

    public ValueTask DisposeAsync() => inner.DisposeAsync();

    private sealed class HookedJournal(HookedStorage hooks, IJournal inner) : IJournal
    {
        public double Fill => inner.Fill;

        public string? Fault => inner.Fault;

        public AppendResult TryAppend(JournalAppend append) => inner.TryAppend(append);

        public IAsyncEnumerable<JournalRecord> ReadAsync(string customerId, long afterSequence, CancellationToken cancellationToken = default)
        {
            hooks.Reading?.Invoke(customerId);
            return inner.ReadAsync(customerId, afterSequence, cancellationToken);
        }

        public IAsyncEnumerable<JournalRecord> ReadBackwardsAsync(
            string customerId, long beforeSequence, CancellationToken cancellationToken = default) =>
            inner.ReadBackwardsAsync(customerId, beforeSequence, cancellationToken);

        public Task<JournalTrimmed> TrimAsync(JournalTrim step, CancellationToken cancellationToken = default) => inner.TrimAsync(step, cancellationToken);

        public IAsyncEnumerable<JournalRecord> ScanAsync(JournalRange range, CancellationToken cancellationToken = default) => inner.ScanAsync(range, cancellationToken);
    }

    private sealed class HookedCustomers(HookedStorage hooks, ICustomerStore inner) : ICustomerStore
    {
        public bool IsAfterUncleanStop => inner.IsAfterUncleanStop;

        public ValueTask<StoredCustomer?> LoadAsync(string customerId, CancellationToken cancellationToken = default)
        {
            hooks.Loading?.Invoke(customerId);
            return inner.LoadAsync(customerId, cancellationToken);
        }

        public Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, CancellationToken cancellationToken = default)
        {
            hooks.Checkpointing?.Invoke();
            return inner.CheckpointAsync(checkpoints, cancellationToken);
        }

        public Task<ErasedCustomer> EraseAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken = default)
        {
            hooks.Erasing?.Invoke(customerIds);
            return inner.EraseAsync(customerIds, cancellationToken);
        }

        public Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default) =>
            inner.RetireAsync(customerId, last, cancellationToken);

        public IAsyncEnumerable<string> FindStaleAsync(CancellationToken cancellationToken = default) => inner.FindStaleAsync(cancellationToken);
    }
}
