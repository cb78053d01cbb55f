namespace CustomerSegmentation.Domain.Features;

/// <summary>What the passing of time alone does to a column. With it, a stored vector is brought to a later reference time without the state.</summary>
public enum FeatureAging : byte
{
    /// <summary>Time changes nothing.</summary>
    None = 0,

    /// <summary>Grows by one for each day that passes.</summary>
    GrowsByDays = 1,

    /// <summary>Halves each <see cref="FeatureColumn.HalfLifeDays"/> days.</summary>
    Decays = 2,
}
