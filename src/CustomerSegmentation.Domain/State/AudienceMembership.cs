namespace CustomerSegmentation.Domain.State;

/// <summary>An audience that the customer is in.</summary>
/// <param name="Key">Audience key.</param>
/// <param name="Revision">The revision of the rule that let the customer in.</param>
/// <param name="SinceMs">When the customer entered, milliseconds since 1970-01-01 UTC.</param>
public readonly record struct AudienceMembership(string Key, int Revision, long SinceMs);
