namespace CustomerSegmentation.Contracts.Segmentations;

/// <summary>Re-clusters everybody and keeps the versions. One in a system.</summary>
public interface ISegmentationCoordinator
{
    /// <summary>
    /// Starts a re-clustering and returns at once. One runs at a time: while one runs, the running one is returned with
    /// <see cref="SegmentationView.AlreadyRunning"/> set.
    /// </summary>
    Task<SegmentationView> StartAsync(SegmentationRequest request, CancellationToken cancellationToken = default);

    /// <summary>The version with its progress, or null when there is none.</summary>
    Task<SegmentationView?> GetAsync(int version, CancellationToken cancellationToken = default);

    /// <summary>The active version, or null when none was ever activated.</summary>
    Task<SegmentationView?> GetCurrentAsync(CancellationToken cancellationToken = default);

    /// <summary>All versions, newest first.</summary>
    /// <param name="cursor">Opaque; null starts at the newest.</param>
    /// <param name="limit">1 to 500.</param>
    Task<Page<SegmentationView>> ListAsync(string? cursor, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Makes a finished version the active one and re-assigns everybody (in the background; progress is in the view). An older version rolls back.
    /// Null when there is no such version.
    /// </summary>
    /// <exception cref="InvalidOperationException">The version is not finished, or was made for other features.</exception>
    Task<SegmentationView?> ActivateAsync(int version, CancellationToken cancellationToken = default);

    /// <summary>Cancels a running version; null when there is no such version, unchanged when it is not running.</summary>
    Task<SegmentationView?> CancelAsync(int version, CancellationToken cancellationToken = default);
}
