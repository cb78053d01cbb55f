namespace CustomerSegmentation.Domain.Features.Decay;

/// <summary>What is left of a decayed value.</summary>
internal static class Decayed
{
    private const double Negligible = 1e-30;

    /// <summary>Zero below 10^-30: no shop can tell, and denormal floats are slow.</summary>
    public static double Flush(double value) => Math.Abs(value) < Negligible ? 0 : value;
}
