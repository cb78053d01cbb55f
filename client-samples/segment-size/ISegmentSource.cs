namespace CustomerSegmentation.Samples.SegmentSize;

/// <summary>Where the sizes of segments come from.</summary>
internal interface ISegmentSource : IAsyncDisposable
{
    /// <summary>Keys and names of all segments.</summary>
    Task<IReadOnlyList<(string Key, string Name)>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Customers in the segment, and their share of all who are in one; null when there is no such segment.</summary>
    Task<(long Size, double Share)?> ReadAsync(string key, CancellationToken cancellationToken);
}
