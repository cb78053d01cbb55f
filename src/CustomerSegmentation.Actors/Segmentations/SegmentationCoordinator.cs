using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Re-clusters everybody and keeps the versions.</summary>
public sealed class SegmentationCoordinator(SegmentationPorts ports, SegmentationOptions options) : ISegmentationCoordinator
{
    /// <summary>
    /// To be called once before other calls: puts the active version in force, finishes an interrupted re-assignment, and marks interrupted re-clusterings failed.
    /// </summary>
    public Task RecoverAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException($"{ports} {options}");

    public Task<SegmentationView> StartAsync(SegmentationRequest request, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<SegmentationView?> GetAsync(int version, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<SegmentationView?> GetCurrentAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<Page<SegmentationView>> ListAsync(string? cursor, int limit, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<SegmentationView?> ActivateAsync(int version, CancellationToken cancellationToken = default) => throw new NotImplementedException();

    public Task<SegmentationView?> CancelAsync(int version, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
