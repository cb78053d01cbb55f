using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Starts re-clusterings that nobody asks for: the first when enough customers are known, then at an interval.</summary>
public sealed class SegmentationSchedule(ISegmentationCoordinator coordinator, SegmentationPorts ports, SegmentationOptions options)
{
    /// <summary>Looks once whether a re-clustering is due, and starts it.</summary>
    /// <returns>The version started; null when none was due.</returns>
    public Task<SegmentationView?> LookAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException($"{coordinator} {ports} {options}");

    /// <summary>Looks again and again until cancelled.</summary>
    public Task RunAsync(CancellationToken cancellationToken) => throw new NotImplementedException();
}
