namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Settings of <see cref="ClusterCountSelector.Select"/>. Time is bounded by them, whatever the number of rows.</summary>
public sealed record ClusterCountOptions
{
    /// <summary>Fewest clusters tried; at least 2, default 2.</summary>
    public int ClusterCountMin { get; init; } = 2;

    /// <summary>Most clusters tried; default 12. Lowered to the rows of a subsample where there are fewer.</summary>
    public int ClusterCountMax { get; init; } = 12;

    /// <summary>Rows at most; of more, a random sample stands for all. At least 4, default 20,000.</summary>
    public int SampleRowsMax { get; init; } = 20_000;

    /// <summary>Rows the silhouette is computed on, at most; at least 2, default 2,000. Time is quadratic in it.</summary>
    public int SilhouetteRowsMax { get; init; } = 2_000;

    /// <summary>Pairs of subsamples compared for each k; at least 1, default 8.</summary>
    public int SubsamplePairs { get; init; } = 8;

    /// <summary>Part of the sample in each subsample; above 0.5, so that a pair shares rows, and below 1; default 0.8.</summary>
    public double SubsampleFraction { get; init; } = 0.8;

    /// <summary>Starts of each fit; at least 1, default 3. Too few make every k look unstable.</summary>
    public int Starts { get; init; } = 3;

    /// <summary>Lloyd iterations at most in each start; at least 1, default 50.</summary>
    public int IterationsMax { get; init; } = 50;

    /// <summary>Mean adjusted Rand index, less its standard deviation, from which on a k counts as stable; from 0 to 1, default 0.75.</summary>
    public double StabilityMin { get; init; } = 0.75;

    /// <summary>Silhouettes this close to the best count as equal, and the fewest clusters win; at least 0, default 0.01.</summary>
    public double SilhouetteTolerance { get; init; } = 0.01;

    /// <summary>Seed of samples and starts, default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>
    /// Threads at most; at least 1, default the number of processors. One runs entirely on the calling thread.
    /// The result does not depend on it.
    /// </summary>
    public int DegreeOfParallelism { get; init; } = Environment.ProcessorCount;

    internal void Validate()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ClusterCountMin, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(ClusterCountMax, ClusterCountMin);
        ArgumentOutOfRangeException.ThrowIfLessThan(SampleRowsMax, 4);
        ArgumentOutOfRangeException.ThrowIfLessThan(SilhouetteRowsMax, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(SubsamplePairs, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Starts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(IterationsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(DegreeOfParallelism, 1);
        if (!(SubsampleFraction is > 0.5 and < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(SubsampleFraction), SubsampleFraction, "The fraction is above 0.5 and below 1.");
        }

        if (!(StabilityMin is >= 0 and <= 1))
        {
            throw new ArgumentOutOfRangeException(nameof(StabilityMin), StabilityMin, "The stability is from 0 to 1.");
        }

        if (!(SilhouetteTolerance >= 0))
        {
            throw new ArgumentOutOfRangeException(nameof(SilhouetteTolerance), SilhouetteTolerance, "The tolerance is at least 0.");
        }
    }
}
