using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segments;

/// <summary>How many customers moved from one segment to another.</summary>
[DataContract]
public sealed class SegmentFlow
{
    /// <summary>Null for customers who had no segment before.</summary>
    [DataMember(Order = 0)] public string? From { get; init; }

    /// <summary>Null for customers who left altogether.</summary>
    [DataMember(Order = 1)] public string? To { get; init; }

    [DataMember(Order = 2)] public long Customers { get; init; }
}
