using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segmentations;

/// <summary>How one number of segments fared when the number was chosen.</summary>
[DataContract]
public sealed class SegmentCountScore
{
    [DataMember(Order = 0)] public int SegmentCount { get; init; }
    [DataMember(Order = 1)] public double Silhouette { get; init; }
    [DataMember(Order = 2)] public double Stability { get; init; }
    [DataMember(Order = 3)] public double StabilityDeviation { get; init; }
}
