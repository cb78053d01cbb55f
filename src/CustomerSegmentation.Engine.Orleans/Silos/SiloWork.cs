using CustomerSegmentation.Engine.Orleans.Live;
using CustomerSegmentation.Engine.Orleans.Segmentations;
using CustomerSegmentation.Engine.Sweeps;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>A silo's background work, from when it is active until its customers have left.</summary>
internal sealed class SiloWork(
    SiloCustomers silo, SiloDuties duties, SiloModelKeeper models, SiloHealth health, ILocalSiloDetails details, IGrainFactory grains, TimeProvider timeProvider, ILogger<SiloWork> logger) : ILifecycleParticipant<ISiloLifecycle>
{
    /// <summary>Between looks for what other silos have put in force.</summary>
    private static readonly TimeSpan RenewEvery = TimeSpan.FromSeconds(1);

    /// <summary>Between calls that bring the coordinator back, should its silo have been lost.</summary>
    private static readonly TimeSpan EnsureEvery = TimeSpan.FromSeconds(10);

    private readonly BackgroundTasks _tasks = new(TaskScheduler.Default, timeProvider, logger);
    private long _renewedAt;
    private long _ensuredAt;
    private volatile bool _renewsModels;

    public void Participate(ISiloLifecycle lifecycle)
    {
        lifecycle.Subscribe(nameof(SiloWork), ServiceLifecycleStage.ApplicationServices, PrepareAsync);
        lifecycle.Subscribe(nameof(SiloWork), ServiceLifecycleStage.Active, StartAsync, StopAsync);
    }

    /// <summary>Before the first grain comes: without what is in force, customers would be placed nowhere.</summary>
    private async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await silo.RenewAsync(cancellationToken);
        await models.RenewAsync(cancellationToken);
        if (silo.Storage.Customers.IsAfterUncleanStop && (await silo.Storage.Audiences.ListAsync(cancellationToken)).Count > 0)
        {
            // The process before may have changed an audience and ended before everybody was asked.
            silo.Sweep.Request();
        }
    }

    private Task StartAsync(CancellationToken cancellationToken)
    {
        health.Answered();
        health.Refresh();
        _tasks.RunLoop(silo.Options.TickMs, RunRoundAsync);
        if (duties.Customers || duties.Coordinator)
        {
            _tasks.Run(SendAsync);
        }
        return Task.CompletedTask;
    }

    /// <summary>Refuses new events and writes what is new, all at once; then the grains leave, and find nothing to do.</summary>
    private async Task StopAsync(CancellationToken cancellationToken)
    {
        silo.IsStopping = true;
        silo.Feed.Complete();
        _tasks.Stop();
        await silo.Encoding.StopAsync();
        await _tasks.EndAsync();
        await silo.Checkpoints.WriteRestAsync();
        _tasks.Dispose();
    }

    private async Task SendAsync()
    {
        var sender = new LiveSender(silo, grains, timeProvider);
        while (!_tasks.Stopping.IsCancellationRequested)
        {
            await _tasks.StepAsync("live stream", () => sender.RunAsync(details.SiloAddress.ToString(), _tasks.Stopping));
            await _tasks.StepAsync("live stream", () => Task.Delay(RenewEvery, timeProvider, _tasks.Stopping));
        }
    }

    private async Task RunRoundAsync()
    {
        await _tasks.StepAsync("checkpoint", () => silo.Checkpoints.WriteDueAsync());
        await _tasks.StepAsync("deactivation", () => silo.Background.DeactivateAsync());
        models.Refresh();
        health.Refresh();
        silo.Encoding.See();
        silo.Encoding.Pump();
        if (timeProvider.GetElapsedTime(_renewedAt) >= RenewEvery)
        {
            _renewedAt = timeProvider.GetTimestamp();
            await _tasks.StepAsync("renewal", RenewAsync);
        }
        if (!duties.Shop)
        {
            return;
        }
        if (_ensuredAt == 0 || timeProvider.GetElapsedTime(_ensuredAt) >= EnsureEvery)
        {
            _ensuredAt = timeProvider.GetTimestamp();
            _tasks.Run(() => _tasks.StepAsync("coordinator", () => grains.GetGrain<ISegmentationCoordinatorGrain>(0).EnsureAsync()));
        }
        if (silo.Sweep.TryBegin())
        {
            _tasks.Run(() => _tasks.StepAsync("sweep of everybody", () => silo.Sweep.RunAsync(_tasks.Stopping)));
        }
        if (silo.Recovery.TryBegin())
        {
            _tasks.Run(() => _tasks.StepAsync("recovery", () => silo.Recovery.RunAsync(_tasks.Stopping)));
        }
    }

    /// <summary>Looks what is in force. A model that is new here is loaded beside the rounds: it may take longer than the storage may be silent.</summary>
    private async Task RenewAsync()
    {
        await silo.RenewAsync(_tasks.Stopping);
        health.Answered();
        if (!_renewsModels)
        {
            _renewsModels = true;
            _tasks.Run(async () =>
            {
                await _tasks.StepAsync("models", () => models.RenewAsync(_tasks.Stopping));
                _renewsModels = false;
            });
        }
    }
}
