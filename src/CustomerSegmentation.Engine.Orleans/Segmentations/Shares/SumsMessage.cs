using CustomerSegmentation.Learning.Clustering;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary><see cref="ClusterSums"/> of a share on their way back.</summary>
[GenerateSerializer, Immutable]
internal sealed record SumsMessage([property: Id(0)] long[] Counts, [property: Id(1)] double[] Sums, [property: Id(2)] double Inertia)
{
    public static SumsMessage Of(ClusterSums sums) => new(sums.Counts.ToArray(), sums.Sums.ToArray(), sums.Inertia);

    public ClusterSums Read() => new(Counts, Sums, Inertia);
}
