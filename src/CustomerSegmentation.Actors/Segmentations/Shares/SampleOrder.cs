namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>Which sample of the customers a fit is made on.</summary>
/// <param name="ReferenceTimeMs">The time that features are brought to, milliseconds since 1970-01-01 UTC.</param>
/// <param name="Seed">Seed of the ranks.</param>
/// <param name="RankMax">Customers whose rank is not above it are in the sample.</param>
/// <param name="EmbeddingModel">The sequence model whose embeddings stand behind the features; empty for none.</param>
/// <param name="EmbeddingSize">Numbers in that embedding.</param>
/// <param name="TextModel">The text model whose means stand behind these; empty for none.</param>
/// <param name="TextSize">Numbers in that mean.</param>
public sealed record SampleOrder(
    long ReferenceTimeMs, int Seed, ulong RankMax, string EmbeddingModel, int EmbeddingSize, string TextModel, int TextSize)
{
    /// <summary>
    /// A customer's rank: FNV-1a over the id's characters and the seed, then the finalizer of SplitMix64 (Steele, Lea and Flood 2014) for even bits.
    /// </summary>
    public ulong Rank(string customerId)
    {
        ArgumentNullException.ThrowIfNull(customerId);
        var hash = 14695981039346656037 ^ (uint)Seed;
        foreach (var c in customerId)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        hash = (hash ^ (hash >> 30)) * 0xBF58476D1CE4E5B9;
        hash = (hash ^ (hash >> 27)) * 0x94D049BB133111EB;
        return hash ^ (hash >> 31);
    }
}
