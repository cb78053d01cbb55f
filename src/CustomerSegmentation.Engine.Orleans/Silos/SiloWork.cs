using CustomerSegmentation.Engine.Orleans.Live;
using CustomerSegmentation.Engine.Orleans.Segmentations;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>A silo's background work, from when it is active until its customers have left.</summary>
internal sealed class SiloWork(
    SiloCustomers silo, ILocalSiloDetails details, IGrainFactory grains, TimeProvider timeProvider, ILogger<SiloWork> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Between looks for what other silos have put in force.</summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);

    /// <summary>Between calls that bring the coordinator back, should its silo have been lost.</summary>
    private static readonly TimeSpan EnsureEvery = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _running = [];
    private long _renewedAt;
    private long _ensuredAt;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloWork), ServiceLifecycleStage.ApplicationServices, PrepareAsync);
        lifecycle.Subscribe(nameof(SiloWork), ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    /// <summary>Before the first grain comes: without what is in force, customers would be placed nowhere.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await silo.RenewAsync(cancellationToken);
        if (silo.Storage.Customers.IsAfterUncleanStop && (await silo.Storage.Audiences.ListAsync(cancellationToken)).Count > 0)
        {
            // The process before may have changed an audience and ended before everybody was asked.
            silo.Sweep.Request();
        }
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        Run(LoopAsync);
        Run(SendAsync);
        return Task.CompletedTask;
    }

    /// <summary>Refuses new events and writes what is new, all at once; then the grains leave, and find nothing to do.</summary>
    private async Task StopAsync(CancellationToken cancellationToken)
    {
        silo.IsStopping = true;
        silo.Feed.Complete();
        await _stop.CancelAsync();
        await silo.Encoding.StopAsync();
        while (Running() is { Length: > 0 } running)
        {
            await Task.WhenAll(running);
        }
        await silo.Checkpoints.WriteAllAsync();
        _stop.Dispose();
    }

    private async Task LoopAsync()
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(silo.Options.TickMs), timeProvider);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await RunRoundAsync();
            }
        }
        catch (OperationCanceledException)
        {
            // Stopping.
        }
    }

    private async Task SendAsync()
    {
        var sender = new LiveSender(silo, grains, timeProvider);
        while (!_stop.IsCancellationRequested)
        {
            await StepAsync("live stream", () => sender.RunAsync(details.SiloAddress.ToString(), _stop.Token));
            await StepAsync("live stream", () => Task.Delay(RenewEvery, timeProvider, _stop.Token));
        }
    }

    private async Task RunRoundAsync()
    {
        await StepAsync("checkpoint", () => silo.Checkpoints.WriteDueAsync());
        await StepAsync("deactivation", () => silo.Background.DeactivateAsync());
        silo.Encoding.Pump();
        if (timeProvider.GetElapsedTime(_renewedAt) >= RenewEvery)
        {
            _renewedAt = timeProvider.GetTimestamp();
            await StepAsync("renewal", () => silo.RenewAsync(_stop.Token));
        }
        if (_ensuredAt == 0 || timeProvider.GetElapsedTime(_ensuredAt) >= EnsureEvery)
        {
            _ensuredAt = timeProvider.GetTimestamp();
            Run(() => StepAsync("coordinator", () => grains.GetGrain<ISegmentationCoordinatorGrain>(0).EnsureAsync()));
        }
        if (silo.Sweep.TryBegin())
        {
            Run(() => StepAsync("sweep of everybody", () => silo.Sweep.RunAsync(_stop.Token)));
        }
        if (silo.Recovery.TryBegin())
        {
            Run(() => StepAsync("recovery", () => silo.Recovery.RunAsync(_stop.Token)));
        }
    }

    private async Task StepAsync(string step, Func<Task> work)
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

    private Task[] Running()
    {
        lock (_running)
        {
            return [.. _running.Where(t => !t.IsCompleted)];
        }
    }

    private void Run(Func<Task> work)
    {
        var task = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap();
        lock (_running)
        {
            _running.RemoveAll(t => t.IsCompleted);
            _running.Add(task);
        }
    }
}
