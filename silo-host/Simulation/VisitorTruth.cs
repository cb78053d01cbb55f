namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>The hidden type of a visitor at a moment of the simulation.</summary>
/// <param name="CustomerId">The visitor.</param>
/// <param name="Type">The type.</param>
/// <param name="Since">Since when.</param>
public sealed record VisitorTruth(string CustomerId, VisitorType Type, DateTimeOffset Since);
