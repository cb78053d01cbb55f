namespace CustomerSegmentation.Domain.Features;

/// <summary>The scale on which a column is compared between customers.</summary>
public enum FeatureScale : byte
{
    Linear = 0,

    /// <summary>Heavy-tailed: compare <c>sign(x) ln(1 + |x|)</c>.</summary>
    Log = 1,
}
