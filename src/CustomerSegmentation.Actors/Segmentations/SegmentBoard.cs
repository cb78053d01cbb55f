using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>All segments of the segmentation in force with their sizes and shares now.</summary>
public sealed class SegmentBoard(IProfileIndex profiles, IActiveSegmentation active)
{
    public Task<SegmentsView> GetAsync(CancellationToken cancellationToken = default) => throw new NotImplementedException($"{profiles} {active}");
}
