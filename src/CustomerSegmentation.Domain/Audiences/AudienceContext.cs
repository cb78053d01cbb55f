using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Audiences;

/// <summary>What a rule looks at.</summary>
public readonly ref struct AudienceContext
{
    /// <summary>Features in the order of <see cref="Features.FeatureSchema.Current"/>, as of <see cref="AsOfMs"/>.</summary>
    public required ReadOnlySpan<float> Vector { get; init; }

    /// <summary>Reference time of <see cref="Vector"/>, milliseconds since 1970-01-01 UTC.</summary>
    public required long AsOfMs { get; init; }

    /// <summary>Null when no trait is known.</summary>
    public TraitSet? Traits { get; init; }

    /// <summary>Key of the current segment; null while unassigned.</summary>
    public string? Segment { get; init; }
}
