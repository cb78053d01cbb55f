using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Encoders;
using CustomerSegmentation.Engine.Orleans.Customers;
using CustomerSegmentation.Engine.Orleans.Models;
using CustomerSegmentation.Engine.Orleans.Segmentations.Shares;
using CustomerSegmentation.Engine.Orleans.Silos;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace CustomerSegmentation.Engine.Orleans.Segmentations;

/// <summary>
/// The plain coordinator, and the work of which there is one in the cluster: planning re-clusterings, waking who is due, and who was not read by the current
/// model. When its silo was lost, the others bring it back within ten seconds; a reminder does when all were.
/// </summary>
[Reentrant]
internal sealed class SegmentationCoordinatorGrain(
    SiloCustomers silo, AllSilos silos, ShareSilos shares, IGrainFactory grains, IEncoder encoder, ITextEncoder texts, TimeProvider timeProvider,
    ILogger<SegmentationCoordinatorGrain> logger)
    : Grain, ISegmentationCoordinatorGrain, IRemindable
{
    private const string Reminder = "duties";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();
    private SegmentationCoordinator _coordinator = null!;
    private SegmentationSchedule _schedule = null!;
    private DueSweep _due = null!;
    private EncodingSweep _encoding = null!;
    private int _lost;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var ports = new SegmentationPorts
        {
            Profiles = silo.Storage.Profiles,
            Workers = shares.Workers,
            Segmentations = new AnnouncedActivations(silo.Storage.Segmentations, silos.RenewAsync),
            Active = silo.Active,
            Clock = timeProvider,
            ReferenceTimeMs = () => silo.Clock.ReferenceMs,
            Encoder = () => encoder.Model,
            TextEncoder = () => texts.Model,
            RunInBackground = work => _ = Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default).Unwrap(),
            BringUpToDate = BringUpToDateAsync,
            Publish = Publish,
        };
        _coordinator = new SegmentationCoordinator(ports, silo.Options.Segmentation);
        _schedule = new SegmentationSchedule(_coordinator, ports, silo.Options.Segmentation);
        _due = new DueSweep(silo, timeProvider);
        _encoding = new EncodingSweep(
            async (id, ct) => await grains.GetGrain<ICustomerPeerGrain>(CustomerKey.Of(id)).WakeAsync(ct),
            silos.WriteAllAsync,
            encoder, new ClusterReadings(silos), silo.Storage.Profiles, silo.Options.Encoding, timeProvider);
        _lost = silos.CountLost();
        await _coordinator.RecoverAsync(resume: true, cancellationToken);
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        this.RegisterGrainTimer(WorkAsync, new GrainTimerCreationOptions(TimeSpan.Zero, TimeSpan.FromMilliseconds(silo.Options.SweepMs)) { Interleave = true, KeepAlive = true });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await _coordinator.StopAsync();
        await _encoding.EndAsync();
    }

    public Task EnsureAsync() => Task.CompletedTask;

    public Task<EncodingView?> GetEncodingAsync() => Task.FromResult(_encoding.Progress.ToView());

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (silo.Options.ScheduleSegmentations)
        {
            await _schedule.LookAsync(_stop.Token);
        }
    }

    public Task<SegmentationView> StartAsync(SegmentationRequest request, CancellationToken cancellationToken = default) =>
        _coordinator.StartAsync(request, cancellationToken);

    public Task<SegmentationView?> GetAsync(int version, CancellationToken cancellationToken = default) => _coordinator.GetAsync(version, cancellationToken);

    public Task<SegmentationView?> GetCurrentAsync(CancellationToken cancellationToken = default) => _coordinator.GetCurrentAsync(cancellationToken);

    public Task<Page<SegmentationView>> ListAsync(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        _coordinator.ListAsync(cursor, limit, cancellationToken);

    public Task<SegmentationView?> ActivateAsync(int version, CancellationToken cancellationToken = default) =>
        _coordinator.ActivateAsync(version, cancellationToken);

    public Task<SegmentationView?> CancelAsync(int version, CancellationToken cancellationToken = default) =>
        _coordinator.CancelAsync(version, cancellationToken);

    private async Task WorkAsync(CancellationToken cancellationToken)
    {
        if (silos.CountLost() is var lost && lost > _lost)
        {
            // What it had in memory and not written is found in the journal; what it was about to tell everybody is told again.
            silo.Recovery.Repeat();
            silo.Sweep.Request();
        }
        _lost = lost;
        await StepAsync("sweep", () => _due.RoundAsync(cancellationToken));
        await StepAsync("encoding", () => _encoding.RoundAsync(cancellationToken));
    }

    private async Task StepAsync(string step, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            EngineLog.BackgroundFailed(logger, step, e);
        }
    }

    /// <summary>Every silo writes what it has, and this one learns how late it is in the shop.</summary>
    private async Task BringUpToDateAsync()
    {
        await silos.WriteAllAsync();
        await silo.RenewAsync(CancellationToken.None);
    }

    private void Publish(SegmentationView view)
    {
        silo.Feed.Publish(new LiveEvent { Time = timeProvider.GetUtcNow(), Segmentation = view });
        if (view.Status == SegmentationStatus.Active)
        {
            // Rules may ask for the segment, which many customers have changed without a turn.
            silo.Sweep.Request();
        }
    }
}
