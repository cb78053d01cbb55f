namespace CustomerSegmentation.Actors.Clock;

/// <summary>
/// The time that features and segments refer to: the wall clock in a shop whose events stream in, the time of the latest event in a shop whose events
/// end in the past (an imported history). Without that, everybody in an imported history would look equally long gone.
/// </summary>
/// <param name="timeProvider">The wall clock.</param>
/// <param name="historicalAfter">How old the latest event must be for the shop to count as a history.</param>
public sealed class ShopClock(TimeProvider timeProvider, TimeSpan historicalAfter)
{
    private readonly long _historicalAfterMs = (long)historicalAfter.TotalMilliseconds;
    private long _latestEventMs;

    /// <summary>Latest event time over all customers, milliseconds since 1970-01-01 UTC; 0 before the first.</summary>
    public long LatestEventMs => Interlocked.Read(ref _latestEventMs);

    /// <summary>The wall clock, milliseconds since 1970-01-01 UTC.</summary>
    public long WallMs => timeProvider.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The reference time, milliseconds since 1970-01-01 UTC.</summary>
    public long ReferenceMs
    {
        get
        {
            var latest = LatestEventMs;
            var now = WallMs;
            return IsHistory(latest, now) ? latest : now;
        }
    }

    /// <summary>Whether the reference time is that of the latest event, and so stands still.</summary>
    public bool IsHistorical => IsHistory(LatestEventMs, WallMs);

    private bool IsHistory(long latestMs, long nowMs) => latestMs > 0 && nowMs - latestMs > _historicalAfterMs;

    /// <summary>Takes note of an event's time.</summary>
    public void Observe(long eventMs)
    {
        var seen = LatestEventMs;
        while (eventMs > seen)
        {
            var found = Interlocked.CompareExchange(ref _latestEventMs, eventMs, seen);
            if (found == seen)
            {
                return;
            }
            seen = found;
        }
    }
}
