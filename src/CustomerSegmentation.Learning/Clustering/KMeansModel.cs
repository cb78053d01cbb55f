namespace CustomerSegmentation.Learning.Clustering;

/// <summary>The clustering found by <see cref="KMeans.Fit"/>.</summary>
public sealed class KMeansModel
{
    internal KMeansModel(Matrix centroids, int[] labels, int[] sizes, double inertia, int iterations, bool converged)
    {
        Centroids = centroids;
        Labels = labels;
        Sizes = sizes;
        Inertia = inertia;
        Iterations = iterations;
        Converged = converged;
    }

    /// <summary>Centroids, k × columns, in the units of the data.</summary>
    public Matrix Centroids { get; }

    /// <summary>For each row the index of its nearest centroid, 0 to k - 1.</summary>
    public ReadOnlyMemory<int> Labels { get; }

    /// <summary>Rows in each cluster. Zero only where the data has fewer than k distinct rows.</summary>
    public IReadOnlyList<int> Sizes { get; }

    /// <summary>Sum over the rows of the squared Euclidean distance to their centroid.</summary>
    public double Inertia { get; }

    /// <summary>Lloyd iterations of the start that was kept.</summary>
    public int Iterations { get; }

    /// <summary>Whether that start ended by its tolerance, not by the limit of iterations.</summary>
    public bool Converged { get; }
}
