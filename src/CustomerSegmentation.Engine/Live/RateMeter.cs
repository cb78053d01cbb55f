using CustomerSegmentation.Contracts.Live;

namespace CustomerSegmentation.Engine.Live;

/// <summary>Counts what passes, and turns the counts into rates once a second.</summary>
internal sealed class RateMeter(TimeProvider timeProvider)
{
    private long _events;
    private long _rejections;
    private long _transitions;
    private long _lastEvents;
    private long _lastRejections;
    private long _lastTransitions;
    private long _lastAt = timeProvider.GetTimestamp();

    /// <summary>Since the start.</summary>
    public (long Events, long Rejections, long Transitions) Totals =>
        (Interlocked.Read(ref _events), Interlocked.Read(ref _rejections), Interlocked.Read(ref _transitions));

    public void AddEvents(int count) => Interlocked.Add(ref _events, count);

    public void AddRejections(int count) => Interlocked.Add(ref _rejections, count);

    public void AddTransitions(int count) => Interlocked.Add(ref _transitions, count);

    /// <summary>Rates since the call before. One caller only.</summary>
    public LiveRates Read(long customers, long activeCustomers)
    {
        var now = timeProvider.GetTimestamp();
        var seconds = Math.Max(timeProvider.GetElapsedTime(_lastAt, now).TotalSeconds, 1e-3);
        var (events, rejections, transitions) = Totals;
        var rates = new LiveRates
        {
            EventsPerSecond = (events - _lastEvents) / seconds,
            RejectionsPerSecond = (rejections - _lastRejections) / seconds,
            TransitionsPerSecond = (transitions - _lastTransitions) / seconds,
            Events = events,
            Rejections = rejections,
            Customers = customers,
            ActiveCustomers = activeCustomers,
        };
        (_lastAt, _lastEvents, _lastRejections, _lastTransitions) = (now, events, rejections, transitions);
        return rates;
    }
}
