using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// Looks ahead for the time at which the passing of time alone moves a customer to another segment. The vector is aged in doubling steps from one hour to the
/// horizon, and the step in which the segment changes is halved: at most 24 placements. A change that is undone within one doubling step stays unseen.
/// </summary>
public static class SegmentForecast
{
    /// <summary>How far ahead is looked.</summary>
    public const int HorizonDays = 400;

    private const long HourMs = 3_600_000;
    private const long HorizonMs = HorizonDays * 24 * HourMs;
    private const int PlacementsMax = 24;

    internal static long NextCheckMs(Segmentation segmentation, ReadOnlySpan<float> features, long asOfMs, int current)
    {
        Span<float> aged = stackalloc float[features.Length];
        var placements = 0;
        long kept = 0;
        var step = HourMs;
        while (Stays(segmentation, features, aged, asOfMs, step, current))
        {
            placements++;
            if (step >= HorizonMs)
            {
                return long.MaxValue;
            }

            kept = step;
            step = Math.Min(step * 2, HorizonMs);
        }

        // The segment is kept at `kept` and left at `left`: halve what is between.
        var left = step;
        while (++placements < PlacementsMax && left - kept > HourMs)
        {
            var middle = kept + ((left - kept) / 2);
            if (Stays(segmentation, features, aged, asOfMs, middle, current))
            {
                kept = middle;
            }
            else
            {
                left = middle;
            }
        }

        return asOfMs > long.MaxValue - left ? long.MaxValue : asOfMs + left;
    }

    private static bool Stays(
        Segmentation segmentation, ReadOnlySpan<float> features, Span<float> aged, long asOfMs, long laterMs, int current)
    {
        features.CopyTo(aged);
        FeatureSchema.Current.Age(aged, asOfMs, asOfMs + laterMs);
        return segmentation.Assign(aged, current).Index == current;
    }
}
