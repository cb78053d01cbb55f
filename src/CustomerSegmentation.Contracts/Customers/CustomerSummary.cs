using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>One line of a list of customers, from the profile index (at most a few seconds behind the customer).</summary>
[DataContract]
public sealed class CustomerSummary
{
    [DataMember(Order = 0)] public required string Id { get; init; }

    /// <summary>Segment key; null while unassigned.</summary>
    [DataMember(Order = 1)] public string? Segment { get; init; }

    [DataMember(Order = 2)] public double Probability { get; init; }

    /// <summary>Orders less refunds, in the shop's currency.</summary>
    [DataMember(Order = 3)] public double Monetary { get; init; }

    /// <summary>Number of orders.</summary>
    [DataMember(Order = 4)] public long Orders { get; init; }

    [DataMember(Order = 5)] public DateTimeOffset LastSeen { get; init; }
}
