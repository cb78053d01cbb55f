namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>Settings of <see cref="Silhouette.Exact"/>.</summary>
public sealed record SilhouetteOptions
{
    /// <summary>
    /// Rows at most; of more, a random sample is scored against itself. At least 2, default 2,000. Time is quadratic in it.
    /// </summary>
    public int SampleRowsMax { get; init; } = 2_000;

    /// <summary>Seed of the sample, default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Threads at most; at least 1, default the number of processors. One runs entirely on the calling thread.</summary>
    public int DegreeOfParallelism { get; init; } = Environment.ProcessorCount;
}
