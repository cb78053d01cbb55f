namespace CustomerSegmentation.Simulation.Tests.Clients;

/// <summary>What the clients know: the promises that the service is held to.</summary>
internal sealed class Ledger
{
    public List<SentMessage> Messages { get; } = [];

    /// <summary>Customers whose erasure was asked for.</summary>
    public HashSet<string> ErasuresAsked { get; } = new(StringComparer.Ordinal);

    /// <summary>Customers whose erasure was confirmed.</summary>
    public HashSet<string> Erased { get; } = new(StringComparer.Ordinal);
}
