namespace CustomerSegmentation.Storage.Profiles;

/// <summary>Sizes and money of all segments at one revision of the profile index.</summary>
/// <param name="Revision">The last <see cref="ProfileChanges.Revision"/> that is included.</param>
/// <param name="Segments">One per segment that has or had customers; the key of unassigned customers is the empty string.</param>
/// <param name="LatestEventMs">Latest event time in the journal, milliseconds since 1970-01-01 UTC; 0 when there are none.</param>
public sealed record ProfileTotals(long Revision, IReadOnlyList<SegmentTotal> Segments, long LatestEventMs);
