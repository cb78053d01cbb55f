using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Engine.Orleans.Tests;

/// <summary>A silo's storage; what happens before it reads a share of the profile index is up to the test.</summary>
internal sealed class HookedStorage(IStorage inner) : IStorage, IProfileIndex
{
    private int _scans;

    /// <summary>Shares of which the reading was begun.</summary>
    public int Scans => _scans;

    /// <summary>Told of each reading's number, from 1.</summary>
    public Func<int, Task> BeforeScan { get; set; } = static _ => Task.CompletedTask;

    public IJournal Journal => inner.Journal;

    public ICustomerStore Customers => inner.Customers;

    public IProfileIndex Profiles => this;

    public ISegmentationStore Segmentations => inner.Segmentations;

    public IAudienceStore Audiences => inner.Audiences;

    public IRejectionLog Rejections => inner.Rejections;

    public IModelStore Models => inner.Models;

    public async IAsyncEnumerable<IReadOnlyList<ProfileRow>> ScanAsync(
        KeyRange range, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await BeforeScan(Interlocked.Increment(ref _scans));
        await foreach (var batch in inner.Profiles.ScanAsync(range, batchSize, cancellationToken))
        {
            yield return batch;
        }
    }

    public Task<long> GetLastKeyAsync(CancellationToken cancellationToken = default) => inner.Profiles.GetLastKeyAsync(cancellationToken);

    public Task<ProfileTotals> GetTotalsAsync(CancellationToken cancellationToken = default) => inner.Profiles.GetTotalsAsync(cancellationToken);

    public Task<IReadOnlyList<CustomerSummary>> ListAsync(string? segment, string? afterId, int limit, CancellationToken cancellationToken = default) =>
        inner.Profiles.ListAsync(segment, afterId, limit, cancellationToken);

    public Task<IReadOnlyList<string>> ListDueAsync(long nowMs, int limit, CancellationToken cancellationToken = default) =>
        inner.Profiles.ListDueAsync(nowMs, limit, cancellationToken);

    public Task<ProfileChanges> ReassignAsync(
        int version, long activation, IReadOnlyList<ProfileAssignment> assignments, CancellationToken cancellationToken = default) =>
        inner.Profiles.ReassignAsync(version, activation, assignments, cancellationToken);

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(long sinceMs, CancellationToken cancellationToken = default) =>
        inner.Profiles.GetFlowsAsync(sinceMs, cancellationToken);

    public ValueTask DisposeAsync() => inner.DisposeAsync();
}
