namespace CustomerSegmentation.Domain.Features;

/// <summary>Arithmetic on event times: milliseconds since 1970-01-01 UTC.</summary>
internal static class EventTime
{
    public const double MsPerDay = 86_400_000;

    private const long Earliest = -62_135_596_800_000;
    private const long Latest = 253_402_300_799_999;

    /// <summary>Brings a time into the years 1 to 9999, where no difference overflows.</summary>
    public static long Clamp(long timeMs) => Math.Clamp(timeMs, Earliest, Latest);

    /// <summary>Days from one time to another; negative when it lies before.</summary>
    public static double Days(long fromMs, long toMs) => (toMs - fromMs) / MsPerDay;

    /// <summary>Hour of the day in UTC, 0 to 23.</summary>
    public static int Hour(long timeMs) => (int)(FloorMod(timeMs, 86_400_000) / 3_600_000);

    /// <summary>Day of the week in UTC, 0 for Monday to 6 for Sunday; 1970-01-01 was a Thursday.</summary>
    public static int Weekday(long timeMs) => (int)FloorMod(FloorDiv(timeMs, 86_400_000) + 3, 7);

    public static long FloorDiv(long value, long divisor) => (value / divisor) - (value % divisor < 0 ? 1 : 0);

    private static long FloorMod(long value, long divisor) => value - (FloorDiv(value, divisor) * divisor);
}
