namespace CustomerSegmentation.Storage.Profiles;

/// <summary>A customer's segment as the profile index holds it.</summary>
/// <param name="CustomerKey">The storage's key of the customer.</param>
/// <param name="Segment">Segment key.</param>
/// <param name="Version">Segmentation version.</param>
/// <param name="Activation">The activation under which it was assigned.</param>
/// <param name="Probability">0 to 1.</param>
/// <param name="SinceMs">When the customer entered, milliseconds since 1970-01-01 UTC.</param>
public sealed record ProfileAssignment(long CustomerKey, string Segment, int Version, long Activation, double Probability, long SinceMs);
