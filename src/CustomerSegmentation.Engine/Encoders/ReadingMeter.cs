namespace CustomerSegmentation.Engine.Encoders;

/// <summary>Counts readings, and tells how many there are in a second. For any number of threads.</summary>
internal sealed class ReadingMeter(TimeProvider timeProvider)
{
    /// <summary>The time over which a rate is taken.</summary>
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private long _kept;
    private long _refused;
    private long _markedAt = timeProvider.GetTimestamp();
    private long _marked;
    private double _perSecond;

    public long Kept => Volatile.Read(ref _kept);

    public long Refused => Volatile.Read(ref _refused);

    /// <summary>Kept readings a second over the window before, or over the time since somebody last asked when that is longer.</summary>
    public double PerSecond
    {
        get
        {
            lock (_gate)
            {
                var now = timeProvider.GetTimestamp();
                var passed = timeProvider.GetElapsedTime(_markedAt, now);
                if (passed >= Window)
                {
                    var kept = Kept;
                    (_perSecond, _marked, _markedAt) = ((kept - _marked) / passed.TotalSeconds, kept, now);
                }
                return _perSecond;
            }
        }
    }

    public void AddKept() => Interlocked.Increment(ref _kept);

    public void AddRefused() => Interlocked.Increment(ref _refused);
}
