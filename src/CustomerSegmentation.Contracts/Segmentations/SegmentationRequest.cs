using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segmentations;

/// <summary>How to re-cluster.</summary>
[DataContract]
public sealed class SegmentationRequest
{
    /// <summary>Fixed number of segments, 2 to 32; null lets stability and silhouette choose between 4 and 8.</summary>
    [DataMember(Order = 0)] public int? SegmentCount { get; init; }

    /// <summary>Smallest number to consider when choosing, 2 to 32.</summary>
    [DataMember(Order = 1)] public int MinSegments { get; init; } = 4;

    /// <summary>Largest number to consider when choosing, 2 to 32.</summary>
    [DataMember(Order = 2)] public int MaxSegments { get; init; } = 8;

    /// <summary>Activate when fitted; false leaves a preview.</summary>
    [DataMember(Order = 3)] public bool Activate { get; init; } = true;

    /// <summary>Seed of every random choice: the same profiles and seed give the same segments.</summary>
    [DataMember(Order = 4)] public int Seed { get; init; } = 1;

    /// <summary>Who or what asked: <c>api</c>, <c>schedule</c>, <c>command</c>.</summary>
    [DataMember(Order = 5)] public string RequestedBy { get; init; } = "api";
}
