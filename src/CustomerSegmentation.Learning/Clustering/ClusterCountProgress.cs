namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Reported after every step of <see cref="ClusterCountSelector.Select"/>.</summary>
/// <param name="Done">Steps done, from 1.</param>
/// <param name="Total">Steps in all.</param>
public readonly record struct ClusterCountProgress(int Done, int Total);
