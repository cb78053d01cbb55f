namespace CustomerSegmentation.Domain.Features;

/// <summary>Bounds on amounts, so that no sum of squares leaves the range of a double, whatever a sender calls money.</summary>
internal static class Money
{
    private const double Highest = 1e12;

    /// <summary>An amount between 0 and 10^12; absent and not finite count as 0.</summary>
    public static double Bound(double? amount) => amount is { } value && double.IsFinite(value) ? Math.Clamp(value, 0, Highest) : 0;

    /// <summary>Units of a line between 0 and 10^9; absent counts as 1.</summary>
    public static double Units(double? quantity) => quantity is { } value && double.IsFinite(value) ? Math.Clamp(value, 0, 1e9) : 1;
}
