namespace CustomerSegmentation.Domain.Features.Decay;

/// <summary>One factor for each half-life: 2^(days / H) for H = 1, 7, 30, 90 days.</summary>
internal readonly struct DecayWeights
{
    public readonly double Day;
    public readonly double Week;
    public readonly double Month;
    public readonly double Quarter;

    /// <summary>Two exponentials; the others are powers: 2^(d/1) = (2^(d/7))^7 and 2^(d/30) = (2^(d/90))^3.</summary>
    /// <param name="days">Positive grows, negative shrinks.</param>
    public DecayWeights(double days)
    {
        const double Ln2 = 0.693147180559945309;
        Week = Math.Exp(days * (Ln2 / 7));
        Quarter = Math.Exp(days * (Ln2 / 90));
        var squared = Week * Week;
        Day = squared * squared * squared * Week;
        Month = Quarter * Quarter * Quarter;
    }
}
