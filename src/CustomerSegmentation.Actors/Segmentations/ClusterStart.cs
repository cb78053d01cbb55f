using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning;
using CustomerSegmentation.Learning.Clustering;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>What a sample of customers tells: where everybody's clustering begins.</summary>
/// <param name="Space">The space of points and centroids.</param>
/// <param name="Points">The sample in that space, rows × dimensions.</param>
/// <param name="Centroids">k × dimensions.</param>
/// <param name="Score">How good this number of clusters is.</param>
/// <param name="Candidates">All numbers that were compared.</param>
internal sealed record ClusterStart(
    SegmentSpace Space, Matrix Points, Matrix Centroids, ClusterCountScore Score, IReadOnlyList<ClusterCountScore> Candidates);
