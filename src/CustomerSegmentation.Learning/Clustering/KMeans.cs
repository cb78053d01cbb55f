using CustomerSegmentation.Learning.Sampling;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// k-means clustering in single precision by Lloyd's iteration (Lloyd 1982, "Least squares quantization in PCM"), seeded by k-means++
/// (Arthur and Vassilvitskii 2007) with greedy local trials. Clusters that fall empty take over the row farthest from its centroid.
/// Beside the data it keeps for each row two integers and 3 + ln k floats (while seeding), and at most 64 MiB of partial sums (more only
/// where k × columns exceeds two million).
/// </summary>
public static class KMeans
{
    /// <summary>Clusters the rows of <paramref name="data"/>.</summary>
    /// <param name="data">rows × columns, finite, in units in which Euclidean distance is meaningful (standardised, as a rule).</param>
    /// <param name="options">k, starts, limits, seed, threads.</param>
    /// <param name="progress">Told after every iteration, on the calling thread.</param>
    /// <param name="cancellationToken">Observed many times in every pass over the rows.</param>
    /// <returns>The start with the lowest inertia; the same for any degree of parallelism.</returns>
    /// <exception cref="ArgumentException">An option is out of its range, or does not fit the data.</exception>
    /// <exception cref="InvalidMatrixException">
    /// The data or the initial centroids hold a value that is not finite or too large.
    /// </exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static KMeansModel Fit(
        Matrix data, KMeansOptions options, IProgress<KMeansProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate(data);
        var workspace = KMeansWorkspace.Create(data, options.ClusterCount, options.DegreeOfParallelism, cancellationToken);
        var lloyd = new LloydPass(workspace, options.ClusterCount);
        var starts = options.InitialCentroids is null ? options.Starts : 1;
        KMeansModel? best = null;
        for (var start = 0; start < starts; start++)
        {
            var centroids = InitialCentroids(workspace, options, start, cancellationToken);
            var number = start + 1;
            var model = Iterate(
                workspace,
                lloyd,
                centroids,
                options,
                step => progress?.Report(step with { Start = number, Starts = starts }),
                cancellationToken);
            best = best is null || model.Inertia < best.Inertia ? model : best;
        }

        return best!;
    }

    private static float[] InitialCentroids(
        KMeansWorkspace workspace, KMeansOptions options, int start, CancellationToken cancellationToken)
    {
        if (options.InitialCentroids is not { } initial)
        {
            var random = Seed.ToRandom(Seed.Derive(options.Seed, start));
            var trials = options.SeedingTrials ?? KMeansPlusPlus.DefaultTrials(options.ClusterCount);
            return new KMeansPlusPlus(workspace, trials, random, cancellationToken).Choose(options.ClusterCount);
        }

        return CentredCentroids(workspace.Rows, initial);
    }

    /// <summary>Checks and centres given centroids; k × stride.</summary>
    /// <exception cref="InvalidMatrixException">A value is not finite, or too far from the rows.</exception>
    internal static float[] CentredCentroids(CentredRows rows, Matrix centroids)
    {
        var centred = new float[checked(centroids.Rows * rows.Stride)];
        for (var c = 0; c < centroids.Rows; c++)
        {
            var centroid = centred.AsSpan(c * rows.Stride, rows.Stride);
            rows.Centre(centroids.Row(c), centroid);
            for (var j = 0; j < rows.Columns; j++)
            {
                // A NaN fails the comparison as well.
                if (!((double)centroid[j] * centroid[j] < ColumnMoments.SquaresMax / rows.Columns))
                {
                    throw new InvalidMatrixException(c, j, centroids[c, j]);
                }
            }
        }

        return centred;
    }

    private static KMeansModel Iterate(
        KMeansWorkspace workspace,
        LloydPass lloyd,
        float[] centroids,
        KMeansOptions options,
        Action<KMeansProgress> report,
        CancellationToken cancellationToken)
    {
        var labels = new int[workspace.Rows.Count];
        Array.Fill(labels, -1);
        var shiftMax = options.Tolerance * workspace.Rows.MeanVariance;
        var (iteration, converged) = (0, false);
        while (iteration < options.IterationsMax && !converged)
        {
            iteration++;
            var moved = lloyd.Run(centroids, labels, cancellationToken);
            moved += EmptyClusterRepair.Run(workspace, centroids, labels, lloyd.Sums, lloyd.Counts, cancellationToken);
            var shift = Update(centroids, lloyd.Sums, lloyd.Counts, workspace.Rows.Stride);
            converged = moved == 0 || shift <= shiftMax;
            report(new KMeansProgress(0, 0, iteration, options.IterationsMax, shift, moved));
        }

        var sizes = new int[options.ClusterCount];
        var inertia = FinalAssignment.Run(workspace, centroids, labels, default, sizes, cancellationToken);
        for (var round = 0; round < options.ClusterCount; round++)
        {
            var sums = new double[centroids.Length];
            if (EmptyClusterRepair.Run(workspace, centroids, labels, sums, (int[])sizes.Clone(), cancellationToken) == 0)
            {
                break;
            }

            inertia = FinalAssignment.Run(workspace, centroids, labels, default, sizes, cancellationToken);
        }

        return new KMeansModel(Restored(workspace.Rows, centroids, options.ClusterCount), labels, sizes, inertia, iteration, converged);
    }

    /// <summary>Moves each centroid to the mean of its rows; one without rows stays. Returns the summed squared movements.</summary>
    private static double Update(float[] centroids, double[] sums, int[] counts, int stride)
    {
        var shift = 0.0;
        for (var c = 0; c < counts.Length; c++)
        {
            for (var i = c * stride; i < (c + 1) * stride && counts[c] > 0; i++)
            {
                var mean = (float)(sums[i] / counts[c]);
                var difference = (double)mean - centroids[i];
                shift += difference * difference;
                centroids[i] = mean;
            }
        }

        return shift;
    }

    private static Matrix Restored(CentredRows rows, float[] centred, int clusterCount)
    {
        var values = new float[clusterCount * rows.Columns];
        for (var c = 0; c < clusterCount; c++)
        {
            rows.Restore(centred.AsSpan(c * rows.Stride, rows.Stride), values.AsSpan(c * rows.Columns, rows.Columns));
        }

        return new Matrix(values, clusterCount, rows.Columns);
    }
}
