namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>What a re-assignment did in a share.</summary>
/// <param name="Read">Rows in the share.</param>
/// <param name="Assigned">Of these, those that still had to be assigned.</param>
public readonly record struct AssignedShare(long Read, long Assigned);
