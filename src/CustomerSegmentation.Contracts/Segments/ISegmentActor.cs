namespace CustomerSegmentation.Contracts.Segments;

/// <summary>
/// One segment of the active segmentation: its live size and money, and how customers flow in and out. Counts follow the profile index: they change
/// after profiles were written, by what was written.
/// </summary>
public interface ISegmentActor
{
    /// <summary>The segment, or null when the active segmentation has none by this key.</summary>
    Task<SegmentView?> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Adds the changes of one committed batch of profiles.</summary>
    Task ApplyAsync(SegmentDelta delta, CancellationToken cancellationToken = default);
}
