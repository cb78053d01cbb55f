namespace CustomerSegmentation.Storage.Profiles;

/// <summary>
/// Money as whole ten-thousandths, for totals. Sums of integers do not depend on their order, so a total that is moved by differences stays equal to the
/// sum over the rows; sums of doubles drift.
/// </summary>
public static class MonetaryUnits
{
    /// <summary>Units in one unit of the shop's currency.</summary>
    public const long PerCurrencyUnit = 10_000;

    /// <summary>The largest amount that a row adds to a total, in the shop's currency; larger ones count as this.</summary>
    public const double AmountMax = 1e11;

    /// <summary>Rounds an amount to units. NaN counts as 0; amounts beyond ±<see cref="AmountMax"/> are clamped.</summary>
    public static long FromAmount(double amount) =>
        double.IsNaN(amount) ? 0 : (long)Math.Round(Math.Clamp(amount, -AmountMax, AmountMax) * PerCurrencyUnit);

    /// <summary>The amount in the shop's currency.</summary>
    public static double ToAmount(long units) => units / (double)PerCurrencyUnit;
}
