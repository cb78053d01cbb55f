namespace CustomerSegmentation.Domain.Features;

/// <summary>How often a custom event came.</summary>
/// <param name="Name">The event's name, its first 64 characters.</param>
/// <param name="Count">Exact while the customer has no more than eight names, else at most this.</param>
public readonly record struct NamedCount(string Name, long Count);
