namespace CustomerSegmentation.Domain.Segments;

/// <summary>What the customers of one cluster are like, compared with everybody. Arrays have one entry a column of the feature schema.</summary>
public sealed class SegmentProfile
{
    public required long Customers { get; init; }

    /// <summary>Customers over everybody, 0 to 1.</summary>
    public required double Share { get; init; }

    /// <summary>Orders less refunds over everybody's, 0 to 1; negative where refunds outweigh orders.</summary>
    public required double MonetaryShare { get; init; }

    /// <summary>Mean less everybody's mean, in everybody's standard deviations, both of the scaled and winsorised feature.</summary>
    public required IReadOnlyList<double> Effects { get; init; }

    /// <summary>Medians, in the features' units.</summary>
    public required IReadOnlyList<double> Medians { get; init; }

    /// <summary>Everybody's medians, in the features' units.</summary>
    public required IReadOnlyList<double> Overall { get; init; }
}
