using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segments;

/// <summary>What one committed batch of profiles changed for one segment.</summary>
[DataContract]
public sealed class SegmentDelta
{
    [DataMember(Order = 0)] public required string Key { get; init; }

    /// <summary>The profile index's revision after the batch; a segment that has read a later one ignores the delta.</summary>
    [DataMember(Order = 1)] public long Revision { get; init; }

    [DataMember(Order = 2)] public long Customers { get; init; }

    /// <summary>In the shop's currency.</summary>
    [DataMember(Order = 3)] public double Monetary { get; init; }
}
