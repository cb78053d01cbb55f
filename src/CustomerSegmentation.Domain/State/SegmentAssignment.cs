namespace CustomerSegmentation.Domain.State;

/// <summary>A customer's current segment.</summary>
/// <param name="Segment">Segment key.</param>
/// <param name="Version">Segmentation version that decided.</param>
/// <param name="Activation">The activation under which it was assigned.</param>
/// <param name="Probability">0 to 1.</param>
/// <param name="SinceMs">When the customer entered, milliseconds since 1970-01-01 UTC.</param>
public readonly record struct SegmentAssignment(string Segment, int Version, long Activation, float Probability, long SinceMs);
