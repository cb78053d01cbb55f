namespace CustomerSegmentation.Learning.Clustering;

/// <summary>What speaks for and against one number of clusters, measured on the sample.</summary>
/// <param name="ClusterCount">The number of clusters k.</param>
/// <param name="Inertia">Sum of squared distances to the centroids over the rows of the sample.</param>
/// <param name="Silhouette">Mean silhouette, -1 to 1.</param>
/// <param name="SilhouetteStandardError">Standard error of that mean.</param>
/// <param name="Stability">Mean adjusted Rand index over the pairs of subsamples, at most 1.</param>
/// <param name="StabilityDeviation">Standard deviation of that index between the pairs.</param>
/// <param name="SmallestShare">Share of the sample's rows in the smallest cluster, 0 to 1.</param>
public sealed record ClusterCountScore(
    int ClusterCount,
    double Inertia,
    double Silhouette,
    double SilhouetteStandardError,
    double Stability,
    double StabilityDeviation,
    double SmallestShare);
