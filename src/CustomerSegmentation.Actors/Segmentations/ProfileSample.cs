using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Customers that a fit is made on: all of them, or a uniform sample where they are too many.</summary>
/// <param name="Rows">Feature vectors at the reference time.</param>
/// <param name="Current">For each row the position of its present segment in <paramref name="Keys"/>, or -1.</param>
/// <param name="Keys">Keys of the segments that the rows are in at present.</param>
/// <param name="Monetary">For each row orders less refunds, in the shop's currency.</param>
/// <param name="Customers">Customers read, sampled or not.</param>
internal sealed record ProfileSample(FeatureRows Rows, int[] Current, IReadOnlyList<string> Keys, double[] Monetary, long Customers)
{
    /// <summary>Of these customers, those with an embedding of the model that was asked for.</summary>
    public long Embedded { get; init; }

    /// <summary>Of these customers, those with texts that the text model that was asked for has read.</summary>
    public long Wrote { get; init; }
}
