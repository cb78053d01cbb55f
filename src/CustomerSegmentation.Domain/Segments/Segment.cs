using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>One segment of a segmentation version.</summary>
public sealed record Segment
{
    /// <summary>A slug that stays for the segment's life, through re-clusterings and changes of name.</summary>
    public required string Key { get; init; }

    public required string Name { get; init; }

    /// <summary>One sentence with figures.</summary>
    public required string Description { get; init; }

    /// <summary>What a shop would do for these customers, in one sentence.</summary>
    public string? Advice { get; init; }

    /// <summary>Centre in the version's space; one coordinate a dimension.</summary>
    public required ReadOnlyMemory<float> Centroid { get; init; }

    /// <summary>Customers who belong to it at the reference time of the fit.</summary>
    public long SizeAtFit { get; init; }

    /// <summary>Orders less refunds of these customers, in the shop's currency.</summary>
    public double MonetaryAtFit { get; init; }

    /// <summary>The features that set it apart, strongest first, at most 8.</summary>
    public IReadOnlyList<DistinguishingFeature> Distinguishing { get; init; } = [];

    /// <summary>The version in which the segment first appeared.</summary>
    public int BornInVersion { get; init; }
}
