using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Tests.Segmentations;

/// <summary>A profile index that fails, or does something else first, when told to.</summary>
internal sealed class FaultyProfileIndex(IProfileIndex inner) : IProfileIndex
{
    public Action BeforeScan { get; set; } = static () => { };

    public Action BeforeReassign { get; set; } = static () => { };

    public Task<ProfileTotals> GetTotalsAsync(CancellationToken cancellationToken = default) => inner.GetTotalsAsync(cancellationToken);

    public Task<IReadOnlyList<CustomerSummary>> ListAsync(
        string? segment, string? afterId, int limit, CancellationToken cancellationToken = default) =>
        inner.ListAsync(segment, afterId, limit, cancellationToken);

    public IAsyncEnumerable<IReadOnlyList<ProfileRow>> ScanAsync(KeyRange range, int batchSize, CancellationToken cancellationToken = default)
    {
        BeforeScan();
        return inner.ScanAsync(range, batchSize, cancellationToken);
    }

    public Task<long> GetLastKeyAsync(CancellationToken cancellationToken = default) => inner.GetLastKeyAsync(cancellationToken);

    public Task<IReadOnlyList<string>> ListDueAsync(long nowMs, int limit, CancellationToken cancellationToken = default) =>
        inner.ListDueAsync(nowMs, limit, cancellationToken);

    public Task<ProfileChanges> ReassignAsync(
        int version, long activation, IReadOnlyList<ProfileAssignment> assignments, CancellationToken cancellationToken = default)
    {
        BeforeReassign();
        return inner.ReassignAsync(version, activation, assignments, cancellationToken);
    }

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(long sinceMs, CancellationToken cancellationToken = default) =>
        inner.GetFlowsAsync(sinceMs, cancellationToken);
}
