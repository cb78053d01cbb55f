using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Simulation.Tests.Clients;

/// <summary>An event that a client sent, and what it was told.</summary>
internal sealed class SentMessage(string customerId, CustomerEvent sent)
{
    public string CustomerId { get; } = customerId;

    public CustomerEvent Event { get; } = sent;

    /// <summary>A receipt said that it is committed.</summary>
    public bool Acknowledged { get; set; }

    /// <summary>Some attempt ended without a refusal, so it may be there.</summary>
    public bool MayBeThere { get; set; }
}
