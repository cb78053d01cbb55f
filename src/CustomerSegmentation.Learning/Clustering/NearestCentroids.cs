namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Assigns rows to the centroids of a finished clustering, as at the activation of a new segmentation.</summary>
public static class NearestCentroids
{
    /// <summary>Finds the nearest centroid of every row; ties go to the lower index.</summary>
    /// <param name="data">rows × columns, finite.</param>
    /// <param name="centroids">k × columns, k at least 1.</param>
    /// <param name="labels">Receives for each row the index of its centroid, 0 to k - 1.</param>
    /// <param name="squaredDistances">Receives the squared Euclidean distances, or empty where they are not wanted.</param>
    /// <param name="degreeOfParallelism">Threads at most; 1 runs on the calling thread. The result does not depend on it.</param>
    /// <param name="cancellationToken">Observed many times on the way through the rows.</param>
    /// <returns>The inertia: the sum of the squared distances.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    /// <exception cref="InvalidMatrixException">The data or the centroids hold a value that is not finite or too large.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static double Assign(
        Matrix data,
        Matrix centroids,
        Memory<int> labels,
        Memory<float> squaredDistances = default,
        int degreeOfParallelism = 1,
        CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(degreeOfParallelism, 1);
        if (centroids.Rows < 1 || centroids.Columns != data.Columns)
        {
            throw new ArgumentException(
                $"Centroids are {centroids.Rows} x {centroids.Columns}; the data has {data.Columns} columns.", nameof(centroids));
        }

        if (labels.Length != data.Rows || (!squaredDistances.IsEmpty && squaredDistances.Length != data.Rows))
        {
            throw new ArgumentException($"Labels and squared distances have one entry for each of {data.Rows} rows.", nameof(labels));
        }

        if (data.Rows == 0)
        {
            return 0;
        }

        var workspace = KMeansWorkspace.Create(data, 1, degreeOfParallelism, cancellationToken);
        var centred = KMeans.CentredCentroids(workspace.Rows, centroids);
        return FinalAssignment.Run(workspace, centred, labels, squaredDistances, new int[centroids.Rows], cancellationToken);
    }
}
