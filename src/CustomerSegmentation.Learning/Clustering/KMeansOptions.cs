namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Settings of <see cref="KMeans.Fit"/>.</summary>
public sealed record KMeansOptions
{
    /// <summary>Number of clusters k, from 1 to the number of rows.</summary>
    public required int ClusterCount { get; init; }

    /// <summary>
    /// Independent starts, of which the one with the lowest inertia is kept; at least 1, default 4. One where initial centroids are
    /// given.
    /// </summary>
    public int Starts { get; init; } = 4;

    /// <summary>Lloyd iterations at most in one start; at least 1, default 100.</summary>
    public int IterationsMax { get; init; } = 100;

    /// <summary>
    /// A start ends once the squared movements of all centroids sum to at most this fraction of the mean column variance; at least 0,
    /// default 1e-4. It always ends when no row changes its cluster.
    /// </summary>
    public double Tolerance { get; init; } = 1e-4;

    /// <summary>Seed of the starts, default 0. The same data, options and seed give the same result.</summary>
    public ulong Seed { get; init; }

    /// <summary>Candidates compared for each seeded centroid; null (default) takes 2 + ln k of them.</summary>
    public int? SeedingTrials { get; init; }

    /// <summary>Initial centroids, k × columns, in place of seeding; null by default.</summary>
    public Matrix? InitialCentroids { get; init; }

    /// <summary>
    /// Threads at most; at least 1, default the number of processors. One runs entirely on the calling thread. The result does not depend
    /// on it.
    /// </summary>
    public int DegreeOfParallelism { get; init; } = Environment.ProcessorCount;

    internal void Validate(Matrix data)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(Starts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(IterationsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DegreeOfParallelism, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(SeedingTrials ?? 1, 1, nameof(SeedingTrials));
        if (double.IsNaN(Tolerance) || Tolerance < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(Tolerance), Tolerance, "The tolerance is a number of at least 0.");
        }

        if (ClusterCount < 1 || ClusterCount > data.Rows)
        {
            throw new ArgumentOutOfRangeException(
                nameof(ClusterCount), ClusterCount, $"The number of clusters is from 1 to the number of rows, {data.Rows}.");
        }

        if (InitialCentroids is { } initial && (initial.Rows != ClusterCount || initial.Columns != data.Columns))
        {
            throw new ArgumentException(
                $"Initial centroids are {initial.Rows} x {initial.Columns}; {ClusterCount} x {data.Columns} are needed.",
                nameof(InitialCentroids));
        }
    }
}
