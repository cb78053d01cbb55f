using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>An event of a simulated visitor.</summary>
/// <param name="CustomerId">The visitor.</param>
/// <param name="Event">What happened; its time is the simulated shop's.</param>
public readonly record struct SimulatedEvent(string CustomerId, CustomerEvent Event);
