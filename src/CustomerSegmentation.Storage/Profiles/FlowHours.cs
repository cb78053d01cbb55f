namespace CustomerSegmentation.Storage.Profiles;

/// <summary>Segment flows are counted by the hour.</summary>
public static class FlowHours
{
    private const long HourMs = 3_600_000;

    /// <summary>The number of the hour since 1970-01-01 UTC that a moment lies in; rounds down, also before 1970.</summary>
    public static long FromMs(long ms) => ms / HourMs - (ms % HourMs < 0 ? 1 : 0);
}
