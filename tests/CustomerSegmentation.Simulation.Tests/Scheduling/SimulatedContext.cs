namespace CustomerSegmentation.Simulation.Tests.Scheduling;

/// <summary>
/// Where the continuations of one simulated process go. Killing it loses whatever has not run yet, between any two awaits, as a crash does.
/// </summary>
internal sealed class SimulatedContext(SimulatedScheduler scheduler) : SynchronizationContext
{
    public bool IsDead { get; private set; }

    public void Kill() => IsDead = true;

    public override void Post(SendOrPostCallback d, object? state)
    {
        if (IsDead)
        {
            scheduler.Lose(state);
        }
        else
        {
            scheduler.Add(this, d, state);
        }
    }

    public override void Send(SendOrPostCallback d, object? state) => throw new NotSupportedException("Nothing in the simulation waits for another thread.");

    public override SynchronizationContext CreateCopy() => this;

    public void Run(SendOrPostCallback callback, object? state)
    {
        if (IsDead)
        {
            scheduler.Lose(state);
            return;
        }
        var before = Current;
        SetSynchronizationContext(this);
        try
        {
            callback(state);
        }
        finally
        {
            SetSynchronizationContext(before);
        }
    }

    /// <summary>Lets others go first: completes in a later step of this process, or never when it dies before.</summary>
    public Task Yield()
    {
        var step = new TaskCompletionSource();
        Post(static s => ((TaskCompletionSource)s!).SetResult(), step);
        return step.Task;
    }
}
