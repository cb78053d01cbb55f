using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Sweeps;

/// <summary>What an engine does beside its callers: a loop of rounds and longer work, until it stops.</summary>
/// <param name="scheduler">Runs the work; null starts it on the thread that asks for it.</param>
/// <param name="timeProvider">Clock of the loop.</param>
/// <param name="logger">Where failures go.</param>
internal sealed class BackgroundTasks(TaskScheduler? scheduler, TimeProvider timeProvider, ILogger logger) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];

    /// <summary>Cancelled when the engine begins to stop.</summary>
    public CancellationToken Stopping => _stop.Token;

    /// <summary>Starts work that ends by itself or with <see cref="Stopping"/>.</summary>
    public void Run(Func<Task> work)
    {
        var task = scheduler is null
            ? work()
            : Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
        lock (_running)
        {
            _running.RemoveAll(t => t.IsCompleted);
            _running.Add(task);
        }
    }

    /// <summary>Starts the loop.</summary>
    /// <param name="everyMs">Milliseconds between rounds; one that takes longer is followed at once.</param>
    /// <param name="round">One round.</param>
    public void RunLoop(int everyMs, Func<Task> round) => Run(async () =>
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(everyMs), timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await round();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    });

    /// <summary>Does a part of the work; its failure is logged and the rest goes on.</summary>
    public async Task StepAsync(string step, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Stopping.
        }
        catch (Exception e)
        {
            EngineLog.BackgroundFailed(logger, step, e);
        }
    }

    /// <summary>Asks everything to end. CancelAsync would call back on the thread pool.</summary>
    public void Stop() => _stop.Cancel();

    /// <summary>Waits until everything has ended; the last round of the loop may have started more.</summary>
    public async Task EndAsync()
    {
        while (Running() is { Length: > 0 } running)
        {
            await Task.WhenAll(running);
        }
    }

    public void Dispose() => _stop.Dispose();

    private Task[] Running()
    {
        lock (_running)
        {
            return [.. _running.Where(t => !t.IsCompleted)];
        }
    }
}
