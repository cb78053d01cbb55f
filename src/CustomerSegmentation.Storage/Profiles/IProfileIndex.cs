using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Storage.Profiles;

/// <summary>One row a customer, for lists, sweeps and re-clustering; written by checkpoints.</summary>
public interface IProfileIndex
{
    /// <summary>Sizes and money of all segments, exactly as the committed rows add up.</summary>
    Task<ProfileTotals> GetTotalsAsync(CancellationToken cancellationToken = default);

    /// <summary>Rows of one segment or (null) of all, ordered by customer id (<see cref="Customers.CustomerIdComparer"/>).</summary>
    Task<IReadOnlyList<CustomerSummary>> ListAsync(string? segment, string? afterId, int limit, CancellationToken cancellationToken = default);

    /// <summary>All rows in batches, ordered by customer key; memory is bounded by one batch.</summary>
    IAsyncEnumerable<IReadOnlyList<ProfileRow>> ScanAsync(int batchSize, CancellationToken cancellationToken = default) =>
        ScanAsync(KeyRange.All, batchSize, cancellationToken);

    /// <summary>As the other overload, for a range of customer keys.</summary>
    IAsyncEnumerable<IReadOnlyList<ProfileRow>> ScanAsync(KeyRange range, int batchSize, CancellationToken cancellationToken = default);

    /// <summary>The highest customer key that has a row; 0 for none.</summary>
    Task<long> GetLastKeyAsync(CancellationToken cancellationToken = default);

    /// <summary>Customers whose <see cref="ProfileRow.DueMs"/> has come, earliest first.</summary>
    Task<IReadOnlyList<string>> ListDueAsync(long nowMs, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Assigns customers in bulk for a segmentation version. A row that already carries this version or a later activation is left alone: a live actor was there first.
    /// </summary>
    /// <param name="version">The version that assigned.</param>
    /// <param name="activation">Grows with each activation; rows remember it, so that a roll-back to an older version reassigns too.</param>
    Task<ProfileChanges> ReassignAsync(
        int version, long activation, IReadOnlyList<ProfileAssignment> assignments, CancellationToken cancellationToken = default);

    /// <summary>Customers who moved between segments by events and time since a moment, by hours rounded down.</summary>
    Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(long sinceMs, CancellationToken cancellationToken = default);
}
