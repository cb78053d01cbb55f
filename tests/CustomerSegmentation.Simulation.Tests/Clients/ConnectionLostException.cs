namespace CustomerSegmentation.Simulation.Tests.Clients;

/// <summary>The answer never came; whether the call was done is unknown.</summary>
internal sealed class ConnectionLostException : Exception;
