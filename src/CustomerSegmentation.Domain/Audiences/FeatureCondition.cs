using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Features.Decay;

namespace CustomerSegmentation.Domain.Audiences;

/// <summary>
/// <c>{"feature": "recencyDays", "op": "&gt;", "value": 30}</c>. A column that ages moves one way only, so its truth changes at most twice (for <c>=</c>), at
/// times found by solving for the value: linear for days, a logarithm for decay, then exactly to the millisecond at which the float flips.
/// </summary>
internal sealed class FeatureCondition(FeatureColumn column, Comparison comparison, float value) : Condition
{
    private const long HorizonMs = 253_402_300_799_999;

    public override bool Holds(in AudienceContext context, long timeMs) => comparison.Holds(ValueAt(context, timeMs), value);

    public override long NextFlipMs(in AudienceContext context, long afterMs)
    {
        if (column.Aging == FeatureAging.None || afterMs >= HorizonMs)
        {
            return long.MaxValue;
        }

        // The truth depends on where the value lies: below, at, or above the threshold. Each of the two borders is crossed once.
        var reached = FirstAfter(context, afterMs, strictly: false);
        var passed = FirstAfter(context, afterMs, strictly: true);
        var now = Holds(context, afterMs);
        if (reached != long.MaxValue && Holds(context, reached) != now)
        {
            return reached;
        }

        return passed != long.MaxValue && Holds(context, passed) != now ? passed : long.MaxValue;
    }

    /// <summary>
    /// The value rounded to a float as a fresh vector holds it, so that a due time is the time at which an evaluation on a vector sees the flip. In full
    /// precision a value just past the threshold would round back to it, and the rule would be due every millisecond until the next float.
    /// </summary>
    private float ValueAt(in AudienceContext context, long timeMs)
    {
        var known = context.Vector[column.Index];
        var days = EventTime.Days(context.AsOfMs, timeMs);
        return days <= 0 ? known : column.Aging switch
        {
            FeatureAging.GrowsByDays => (float)(known + days),
            FeatureAging.Decays => (float)Decayed.Flush(known * Math.Pow(2, -days / column.HalfLifeDays)),
            _ => known,
        };
    }

    /// <summary>The first time after a time at which the value has come to the threshold, or passed it; MaxValue when it is there already or never will be.</summary>
    private long FirstAfter(in AudienceContext context, long afterMs, bool strictly)
    {
        if (Crossed(context, afterMs, strictly) || !Crossed(context, HorizonMs, strictly))
        {
            return long.MaxValue;
        }

        // The solution of the column's formula, widened to a bracket, then bisected: rounding moves the formula by some milliseconds.
        double known = context.Vector[column.Index];
        var days = column.Aging == FeatureAging.GrowsByDays ? value - known : column.HalfLifeDays * Math.Log2(known / value);
        var guess = double.IsFinite(days) ? context.AsOfMs + (days * EventTime.MsPerDay) : HorizonMs;
        var low = (long)Math.Clamp(guess - 1_000, afterMs, HorizonMs - 1);
        low = Crossed(context, low, strictly) ? afterMs : low;
        var high = (long)Math.Clamp(guess + 1_000, low + 1, HorizonMs);
        high = Crossed(context, high, strictly) ? high : HorizonMs;
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (Crossed(context, middle, strictly))
            {
                high = middle;
            }
            else
            {
                low = middle;
            }
        }

        return high;
    }

    private bool Crossed(in AudienceContext context, long timeMs, bool strictly)
    {
        var current = ValueAt(context, timeMs);
        return column.Aging == FeatureAging.GrowsByDays
            ? strictly ? current > value : current >= value
            : strictly ? current < value : current <= value;
    }
}
