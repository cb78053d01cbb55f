using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>One segment's live size and money. Its engine gives it one turn at a time.</summary>
public sealed class SegmentActor(string key, IProfileIndex profiles, IActiveSegmentation active, TimeProvider clock) : ISegmentActor
{
    public Task<SegmentView?> GetAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException($"{key} {profiles} {active} {clock}");

    public Task ApplyAsync(SegmentDelta delta, CancellationToken cancellationToken = default) => throw new NotImplementedException();
}
