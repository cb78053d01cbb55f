using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>A customer's move from one segment to another.</summary>
[DataContract]
public sealed class SegmentTransition
{
    [DataMember(Order = 0)] public required string CustomerId { get; init; }

    /// <summary>Null for the first assignment.</summary>
    [DataMember(Order = 1)] public string? From { get; init; }

    /// <summary>Null when the customer left altogether (erased, or joined to another customer).</summary>
    [DataMember(Order = 2)] public string? To { get; init; }

    [DataMember(Order = 3)] public DateTimeOffset Time { get; init; }
    [DataMember(Order = 4)] public int Version { get; init; }

    /// <summary>What caused it: <c>event</c>, <c>time</c>, <c>segmentation</c>, <c>join</c>, <c>erasure</c>, <c>encoder</c>.</summary>
    [DataMember(Order = 5)] public required string Cause { get; init; }
}
