using CustomerSegmentation.Actors.Audiences;
using CustomerSegmentation.Actors.Clock;
using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Engine.Checkpoints;
using CustomerSegmentation.Engine.Customers;
using CustomerSegmentation.Engine.Encoders;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Engine.Orleans.Customers;
using CustomerSegmentation.Engine.Orleans.Segments;
using CustomerSegmentation.Engine.Sweeps;
using CustomerSegmentation.Engine.Telemetry;
using CustomerSegmentation.Engine.Tracking;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Profiles;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>The customers whose grains are on this silo, and what a process does for them: turns, the journal's group commit, checkpoints, encoding, joins.</summary>
internal sealed class SiloCustomers : IEngineCounts
{
    private readonly GrainPlaces _places = new();
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly ActivationDirectory _directory;
    private readonly ActiveSegmentationCell _active = new();
    private readonly ActiveAudiences _activeAudiences = new();
    private readonly EffectPublisher _effects;
    private readonly JoinQueue _joins;

    public SiloCustomers(
        IStorage storage, EngineOptions options, TimeProvider timeProvider, ILoggerFactory loggers, IGrainFactory grains, AllSilos silos, IEncoder encoder,
        ITextEncoder texts)
    {
        (Storage, Options, Encoder, _grains, _timeProvider) = (storage, options, encoder, grains, timeProvider);
        _logger = loggers.CreateLogger<SiloCustomers>();
        Clock = new ShopClock(timeProvider, TimeSpan.FromHours(options.HistoricalAfterHours));
        Feed = new LiveFeed(options.LiveItemsMax, options.LiveReadersMax);
        Meter = new RateMeter(timeProvider);
        _effects = new EffectPublisher(Feed, Meter);
        var services = new CustomerActorServices
        {
            Journal = storage.Journal, Clock = Clock, Segmentation = _active, Audiences = _activeAudiences, Encoder = encoder,
        };
        _directory = new ActivationDirectory(options.ActiveCustomersMax, options.ActiveBytesMax, _places);
        Refreshes = new ClusterRefresh(grains, silos, _logger);
        Sweep = new WholeSweep(Refreshes, storage.Profiles, timeProvider);
        Checkpoints = new CheckpointWriter(storage.Customers, timeProvider, options, OnProfilesChangedAsync, Retry, _logger);
        var loader = new CustomerLoader(storage, (id, e) => EngineLog.CorruptSnapshot(_logger, id, e));
        Turns = new CustomerTurns(
            _directory, loader, services, _effects, options.WaitingTurnsMax, Checkpoints.Schedule, cell => Encoding!.Schedule(cell), Retry);
        Encoding = new EncodingQueue(Turns, encoder, _effects, options.Encoding, timeProvider, TaskScheduler.Default, _logger);
        _joins = new JoinQueue(Turns, _logger);
        Pipeline = new TrackPipeline(Turns, storage.Journal, new EventTexts(texts), _effects, Meter, _logger)
        {
            JoinAsync = _joins.JoinAsync, ForwardAsync = ForwardAsync,
        };
        var holds = new GrainHolds(grains);
        _joins.Joiner = new CustomerJoiner(
            new GrainPeers(grains, holds), storage.Journal, async (request, ct) => (await Pipeline.TrackAsync([request], ct, joining: true))[0]);
        Reader = new CustomerReader(Turns, _effects, storage.Journal);
        LocalHolds = new LocalHolds(Turns, storage);
        var persons = new PersonFinder(holds);
        Exporter = new CustomerExporter(persons, storage, timeProvider);
        Eraser = new CustomerEraser(persons, storage.Customers, OnProfilesChangedAsync, Feed, timeProvider);
        Background = new BackgroundWork(_directory, Turns, Checkpoints, _effects, _joins, storage.Profiles, () => Clock.ReferenceMs, options, _logger)
        {
            OnLeft = Release,
        };
        Recovery = new StaleRecovery(Refreshes, Sweep, storage.Customers, timeProvider, _logger);
        Audiences = new AudienceDirectory(storage.Audiences, _activeAudiences, timeProvider, onChanged: static () => { });
        Board = new SegmentBoard(storage.Profiles, _active);
        Shares = new ShareWorker(storage.Profiles, options.Segmentation, OnProfilesChangedAsync);
    }

    public IStorage Storage { get; }

    /// <summary>Reaches the cluster.</summary>
    public IGrainFactory Grains => _grains;

    public EngineOptions Options { get; }

    public IEncoder Encoder { get; }

    public ShopClock Clock { get; }

    public IActiveSegmentation Active => _active;

    public LiveFeed Feed { get; }

    public RateMeter Meter { get; }

    public CustomerTurns Turns { get; }

    public TrackPipeline Pipeline { get; }

    public CustomerReader Reader { get; }

    public LocalHolds LocalHolds { get; }

    public CustomerExporter Exporter { get; }

    public CustomerEraser Eraser { get; }

    public CheckpointWriter Checkpoints { get; }

    public BackgroundWork Background { get; }

    public EncodingQueue Encoding { get; }

    public ClusterRefresh Refreshes { get; }

    public WholeSweep Sweep { get; }

    public StaleRecovery Recovery { get; }

    public AudienceDirectory Audiences { get; }

    public SegmentBoard Board { get; }

    /// <summary>This silo's work on shares of the profile index.</summary>
    public ShareWorker Shares { get; }

    /// <summary>Set when the silo begins to stop.</summary>
    public bool IsStopping { get; set; }

    /// <summary>Customers in this silo's memory and their estimated bytes.</summary>
    public (int Customers, long Bytes) InMemory => (_directory.Count, _directory.Bytes);

    public EngineCounts Count() => EngineCounter.Of(Meter, _directory, Encoding, Options);

    public SegmentActor CreateSegment(string key) => new(key, Storage.Profiles, _active, _timeProvider);

    /// <summary>A customer's grain is on this silo from now on.</summary>
    public void Admit(CustomerGrain grain) => _places.Add(grain);

    /// <summary>A customer's grain leaves this silo: what is new is written, and nothing of it stays.</summary>
    public async Task LeaveAsync(CustomerGrain grain)
    {
        _places.Remove(grain);
        if (grain.Cell is { } cell)
        {
            await Checkpoints.WriteAsync([cell]);
            await Turns.LeaveAsync(cell);
        }
    }

    /// <summary>Brings a customer of this silo to the present; false when there is no room for it.</summary>
    public async Task<bool> RefreshAsync(string customerId, string cause, CancellationToken cancellationToken) =>
        await Background.RefreshAsync(customerId, cause, cancellationToken) is not null;

    /// <summary>Removes snapshot and profile of a closed customer of this silo.</summary>
    public async Task RetireAsync(string customerId, CancellationToken cancellationToken)
    {
        var cell = await Turns.EnterAsync(customerId, cancellationToken) ?? throw new EngineBusyException(customerId);
        try
        {
            if (!cell.Erased && cell.Actor is { StorageKey: not 0 } actor)
            {
                await OnProfilesChangedAsync(await Storage.Customers.RetireAsync(customerId, actor.BuildCheckpoint(), cancellationToken));
            }
        }
        finally
        {
            Turns.Exit(cell);
        }
    }

    /// <summary>Learns what other silos have put in force: segmentation, audiences, the shop's time.</summary>
    public async Task RenewAsync(CancellationToken cancellationToken)
    {
        Clock.Observe((await Storage.Profiles.GetTotalsAsync(cancellationToken)).LatestEventMs);
        await Audiences.RecoverAsync(cancellationToken);
        await StoredSegmentation.AdoptAsync(Storage.Segmentations, _active, cancellationToken);
    }

    /// <summary>Hands each segment what a committed batch of profiles changed for it; one that does not get it reads its numbers within a second.</summary>
    public Task OnProfilesChangedAsync(ProfileChanges changes)
    {
        foreach (var delta in changes.Deltas)
        {
            if (_active.Current?.Segmentation.IndexOf(delta.Key) >= 0)
            {
                _grains.GetGrain<ISegmentGrain>(SegmentGrain.Prefix + delta.Key).ApplyAsync(delta).Ignore();
            }
        }
        return Task.CompletedTask;
    }

    private async Task<TrackReceipt> ForwardAsync(string customerId, TrackRequest request, bool joining, CancellationToken cancellationToken) =>
        (await _grains.GetGrain<ICustomerPeerGrain>(CustomerKey.Of(customerId)).TrackAllAsync([request], joining, cancellationToken))[0];

    /// <summary>A customer left memory: its grain goes as well, so that the limits on customers in memory bound grains, too.</summary>
    private void Release(string customerId)
    {
        _places.FindGrain(customerId)?.GrainContext.Deactivate(
            new DeactivationReason(DeactivationReasonCode.ApplicationRequested, "The customer has left memory."));
    }

    /// <summary>What memory held of a customer is lost, or may be: whether its profile row lacks something is found out soon.</summary>
    private void Retry(string customerId) => Sweep.Retry([customerId]);
}
