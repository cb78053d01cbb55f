using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Storage.Profiles;

/// <summary>How one committed write of profile rows changed the segments.</summary>
/// <param name="Revision">Grows with each such commit.</param>
/// <param name="Deltas">One per segment touched; the key of unassigned customers is the empty string.</param>
public sealed record ProfileChanges(long Revision, IReadOnlyList<SegmentDelta> Deltas)
{
    public static ProfileChanges None { get; } = new(0, []);
}
