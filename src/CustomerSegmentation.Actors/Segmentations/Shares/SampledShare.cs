namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>A share's part of a sample: one entry in each list for each of its customers whose rank is low enough.</summary>
public sealed class SampledShare
{
    /// <summary>Ranks, in no order.</summary>
    public required IReadOnlyList<ulong> Ranks { get; init; }

    /// <summary>Vectors at the reference time, one after the other: features, embedding, text.</summary>
    public required ReadOnlyMemory<float> Values { get; init; }

    /// <summary>Present segments; null for none.</summary>
    public required IReadOnlyList<string?> Segments { get; init; }

    /// <summary>Orders less refunds, in the shop's currency.</summary>
    public required IReadOnlyList<double> Monetary { get; init; }

    /// <summary>Customers in the share, sampled or not, whose features can be read.</summary>
    public required long Customers { get; init; }

    /// <summary>Of these, those with an embedding of the model that was asked for.</summary>
    public required long Embedded { get; init; }

    /// <summary>Of these, those with texts that the text model that was asked for has read.</summary>
    public required long Wrote { get; init; }
}
