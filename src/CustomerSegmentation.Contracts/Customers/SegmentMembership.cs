using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>A customer's place in a segment.</summary>
[DataContract]
public sealed class SegmentMembership
{
    [DataMember(Order = 0)] public required string Key { get; init; }
    [DataMember(Order = 1)] public required string Name { get; init; }

    /// <summary>0 to 1: how clearly the customer belongs here rather than to the other segments.</summary>
    [DataMember(Order = 2)] public double Probability { get; init; }

    [DataMember(Order = 3)] public DateTimeOffset Since { get; init; }

    /// <summary>The segmentation version that decided.</summary>
    [DataMember(Order = 4)] public int Version { get; init; }
}
