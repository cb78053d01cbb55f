using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segmentations;

/// <summary>How good a segmentation is.</summary>
[DataContract]
public sealed class SegmentationMetrics
{
    [DataMember(Order = 0)] public int SegmentCount { get; init; }

    /// <summary>Sum of squared distances to the centroids over the number of customers.</summary>
    [DataMember(Order = 1)] public double MeanSquaredDistance { get; init; }

    /// <summary>Mean silhouette on a sample, -1 to 1.</summary>
    [DataMember(Order = 2)] public double Silhouette { get; init; }

    /// <summary>Mean adjusted Rand index between clusterings of resamples; 1 is perfectly stable.</summary>
    [DataMember(Order = 3)] public double Stability { get; init; }

    /// <summary>Every number of segments that was tried.</summary>
    [DataMember(Order = 4)] public IReadOnlyList<SegmentCountScore> Candidates { get; init; } = [];
}
