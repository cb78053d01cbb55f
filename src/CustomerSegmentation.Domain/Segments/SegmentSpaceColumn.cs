namespace CustomerSegmentation.Domain.Segments;

/// <summary>How one feature becomes one dimension of a segmentation space.</summary>
/// <remarks>
/// A feature value x is scaled to s = x, or s = sign(x)·ln(1 + |x|) when <see cref="IsLog"/>; the coordinate is
/// clamp((s − <see cref="Mean"/>) / <see cref="Deviation"/>, ±<see cref="Clip"/>) · <see cref="Weight"/>. A value that is not a number sits at the mean.
/// </remarks>
public sealed record SegmentSpaceColumn
{
    /// <summary>Name of the feature in the feature schema.</summary>
    public required string Feature { get; init; }

    /// <summary>Position of the feature in the feature vector.</summary>
    public required int Index { get; init; }

    /// <summary>Unit of the feature's values, for people.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Whether values are taken as signed logarithms.</summary>
    public required bool IsLog { get; init; }

    /// <summary>Mean of the scaled values.</summary>
    public required float Mean { get; init; }

    /// <summary>Standard deviation of the scaled values, above zero.</summary>
    public required float Deviation { get; init; }

    /// <summary>Bound of the standardised value, in standard deviations.</summary>
    public float Clip { get; init; } = 4;

    /// <summary>Factor of the standardised value; its square is the column's part in squared distances.</summary>
    public float Weight { get; init; } = 1;

    /// <summary>Everybody's typical value (median), in the feature's unit.</summary>
    public float Median { get; init; }
}
