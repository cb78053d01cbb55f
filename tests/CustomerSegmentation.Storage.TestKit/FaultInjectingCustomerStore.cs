using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.TestKit;

internal sealed class FaultInjectingCustomerStore(ICustomerStore inner) : ICustomerStore
{
    public Exception? Error { get; set; }

    public bool IsAfterUncleanStop => inner.IsAfterUncleanStop;

    public ValueTask<StoredCustomer?> LoadAsync(string customerId, CancellationToken cancellationToken = default) =>
        Error is { } error ? ValueTask.FromException<StoredCustomer?>(error) : inner.LoadAsync(customerId, cancellationToken);

    public Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, CancellationToken cancellationToken = default) =>
        Error is { } error ? Task.FromException<ProfileChanges>(error) : inner.CheckpointAsync(checkpoints, cancellationToken);

    public Task<ErasedCustomer> EraseAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken = default) =>
        Error is { } error ? Task.FromException<ErasedCustomer>(error) : inner.EraseAsync(customerIds, cancellationToken);

    public Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default) =>
        Error is { } error ? Task.FromException<ProfileChanges>(error) : inner.RetireAsync(customerId, last, cancellationToken);

    public IAsyncEnumerable<string> FindStaleAsync(CancellationToken cancellationToken = default) => inner.FindStaleAsync(cancellationToken);
}
