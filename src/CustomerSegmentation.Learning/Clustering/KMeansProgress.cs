namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Reported after every Lloyd iteration.</summary>
/// <param name="Start">The start under way, from 1.</param>
/// <param name="Starts">Number of starts.</param>
/// <param name="Iteration">Iterations done in this start, from 1.</param>
/// <param name="IterationsMax">Iterations at most in one start.</param>
/// <param name="CentroidShift">Sum over the centroids of the squared distance moved in this iteration.</param>
/// <param name="RowsMoved">Rows that changed their cluster in this iteration.</param>
public readonly record struct KMeansProgress(
    int Start, int Starts, int Iteration, int IterationsMax, double CentroidShift, long RowsMoved);
