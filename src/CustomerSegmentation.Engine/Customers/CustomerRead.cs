namespace CustomerSegmentation.Engine.Customers;

/// <summary>What was read of a customer.</summary>
/// <param name="Value">The answer; the type's default when there is no such customer.</param>
/// <param name="MovedTo">The customer whom the history joined, who is to be asked instead; null for none.</param>
internal readonly record struct CustomerRead<T>(T? Value, string? MovedTo);
