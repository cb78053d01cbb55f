namespace CustomerSegmentation.Inference.Tests.Library;

/// <summary>A clock that stands still until it is moved: without it no request ever becomes due and no timer goes off.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly List<Timer> _timers = [];
    private long _ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _ticks);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state)) { DueTicks = GetTimestamp() + dueTime.Ticks };
        lock (_timers)
        {
            _timers.Add(timer);
        }

        return timer;
    }

    public void Advance(double ms)
    {
        var now = Interlocked.Add(ref _ticks, TimeSpan.FromMilliseconds(ms).Ticks);
        Timer[] due;
        lock (_timers)
        {
            due = [.. _timers.Where(timer => timer.DueTicks <= now)];
            _timers.RemoveAll(timer => timer.DueTicks <= now);
        }

        foreach (var timer in due)
        {
            timer.Callback();
        }
    }

    /// <summary>Goes off once.</summary>
    private sealed record Timer(ManualTime Time, Action Callback) : ITimer
    {
        public required long DueTicks { get; init; }

        public bool Change(TimeSpan dueTime, TimeSpan period) => throw new NotSupportedException();

        public void Dispose()
        {
            lock (Time._timers)
            {
                Time._timers.RemoveAll(timer => ReferenceEquals(timer, this));
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
