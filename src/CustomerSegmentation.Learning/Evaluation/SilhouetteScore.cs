namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>How well rows sit in their clusters; see <see cref="Silhouette"/>.</summary>
/// <param name="Mean">Mean over the rows scored, from -1 to 1; 0 where fewer than two clusters have rows.</param>
/// <param name="StandardError">Standard error of the mean, from the spread between rows.</param>
/// <param name="Rows">Rows scored.</param>
/// <param name="ByCluster">Mean of each cluster by its label; clusters without a scored row are absent.</param>
public sealed record SilhouetteScore(double Mean, double StandardError, int Rows, IReadOnlyDictionary<int, double> ByCluster);
