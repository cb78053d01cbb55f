namespace CustomerSegmentation.Storage.Segmentations;

/// <summary>Segmentation versions.</summary>
public interface ISegmentationStore
{
    /// <summary>A new version number, greater than all before.</summary>
    Task<int> NextVersionAsync(CancellationToken cancellationToken = default);

    /// <summary>Creates or replaces a version.</summary>
    Task SaveAsync(SegmentationRecord record, CancellationToken cancellationToken = default);

    Task<SegmentationRecord?> LoadAsync(int version, CancellationToken cancellationToken = default);

    /// <summary>Versions below a number, newest first.</summary>
    Task<IReadOnlyList<SegmentationRecord>> ListAsync(int beforeVersion, int limit, CancellationToken cancellationToken = default);

    /// <summary>Makes a version the active one; the activation number is greater than all before.</summary>
    Task<ActiveSegmentation> SetActiveAsync(int version, long atMs, CancellationToken cancellationToken = default);

    Task<ActiveSegmentation?> GetActiveAsync(CancellationToken cancellationToken = default);
}
