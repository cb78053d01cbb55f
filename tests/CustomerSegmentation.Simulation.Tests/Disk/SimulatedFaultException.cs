namespace CustomerSegmentation.Simulation.Tests.Disk;

/// <summary>A failure that the simulation ordered.</summary>
internal sealed class SimulatedFaultException(string what) : IOException(what);
