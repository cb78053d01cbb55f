namespace CustomerSegmentation.Simulation.Tests.Scheduling;

/// <summary>
/// A clock that stands still while there is work, and jumps to the next timer when there is none. The wall clock may be set back and forth. Timers of a
/// process die with it: else each crash would leave its ticks behind, and what may happen at every tick would happen ever more often.
/// </summary>
internal sealed class SimulatedTime : TimeProvider
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);

    private readonly PriorityQueue<(Timer Timer, int Setting), (long At, long Order)> _due = new();
    private long _order;
    private long _now;
    private long _wallOffset;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now;

    public override DateTimeOffset GetUtcNow() => Start.AddTicks(_now + _wallOffset);

    public long WallMs => GetUtcNow().ToUnixTimeMilliseconds();

    public TimeSpan Elapsed => TimeSpan.FromTicks(_now);

    /// <summary>Sets the wall clock; timers do not notice.</summary>
    public void JumpWallClock(TimeSpan by) => _wallOffset += by.Ticks;

    /// <summary>Moves on to the next timer and fires it; false when there is none.</summary>
    public bool Advance()
    {
        while (_due.TryDequeue(out var next, out var when))
        {
            if (next.Timer.Setting == next.Setting && !next.Timer.IsDead)
            {
                _now = Math.Max(_now, when.At);
                next.Timer.Fire();
                return true;
            }
        }
        return false;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    private sealed class Timer(SimulatedTime time, TimerCallback callback, object? state) : ITimer
    {
        private readonly SimulatedContext? _owner = SynchronizationContext.Current as SimulatedContext;
        private TimeSpan _period;

        /// <summary>The process that set the timer is gone.</summary>
        public bool IsDead => _owner is { IsDead: true };

        /// <summary>Which change of the timer is in force; entries of earlier ones are passed over.</summary>
        public int Setting { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            Setting++;
            _period = period;
            Schedule(dueTime);
            return true;
        }

        public void Fire()
        {
            Schedule(_period);
            callback(state);
        }

        public void Dispose() => Setting++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan after)
        {
            if (after >= TimeSpan.Zero && after != Timeout.InfiniteTimeSpan)
            {
                time._due.Enqueue((this, Setting), (time._now + after.Ticks, time._order++));
            }
        }
    }
}
