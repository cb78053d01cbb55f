using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Clusters found in a sample of customers.</summary>
/// <param name="Space">The space of points and centroids.</param>
/// <param name="Labels">For each row of the sample its cluster, 0 to k − 1.</param>
/// <param name="Centroids">k × dimensions.</param>
/// <param name="Temperature">See <see cref="Segmentation.Temperature"/>.</param>
/// <param name="Metrics">How good the clustering is.</param>
internal sealed record ClusterFit(SegmentSpace Space, int[] Labels, Matrix Centroids, float Temperature, SegmentationMetrics Metrics);
