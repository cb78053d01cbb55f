using CustomerSegmentation.Actors.Audiences;
using CustomerSegmentation.Actors.Clock;
using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Engine.Checkpoints;
using CustomerSegmentation.Engine.Customers;
using CustomerSegmentation.Engine.Embedded.Customers;
using CustomerSegmentation.Engine.Embedded.Segments;
using CustomerSegmentation.Engine.Encoders;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Engine.Sweeps;
using CustomerSegmentation.Engine.Telemetry;
using CustomerSegmentation.Engine.Tracking;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Profiles;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Engine.Embedded;

/// <summary>
/// Every actor in this process. Turns run on the callers' threads; the background work runs in one loop on an injected scheduler, or, without one, when
/// <see cref="RunRoundAsync"/> is called. So on one thread with a fake clock and in-memory storage a run is deterministic.
/// </summary>
public sealed class EmbeddedEngine : ISegmentationEngine, IEngineCounts, IAsyncDisposable
{
    private readonly IStorage _storage;
    private readonly EngineOptions _options;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly BackgroundTasks _tasks;
    private readonly ShopClock _clock;
    private readonly ActiveSegmentationCell _active = new();
    private readonly ActiveAudiences _activeAudiences = new();
    private readonly ActivationDirectory _directory;
    private readonly CustomerTurns _turns;
    private readonly TrackPipeline _pipeline;
    private readonly CheckpointWriter _checkpoints;
    private readonly BackgroundWork _background;
    private readonly WholeSweep _sweep;
    private readonly StaleRecovery _recovery;
    private readonly CustomerReader _reader;
    private readonly CustomerExporter _exporter;
    private readonly CustomerEraser _eraser;
    private readonly SegmentTurns _segments;
    private readonly SegmentBoard _board;
    private readonly SegmentationCoordinator _coordinator;
    private readonly SegmentationSchedule _schedule;
    private readonly AudienceDirectory _audiences;
    private readonly LiveFeed _feed;
    private readonly EffectPublisher _effects;
    private readonly RateMeter _meter;
    private readonly JoinQueue _joins;
    private readonly EncodingQueue _encoding;
    private readonly EncodingSweep _encodingSweep;
    private long _lastSweep;
    private long _lastRates;
    private bool _stopping;

    private EmbeddedEngine(
        IStorage storage, EngineOptions options, TimeProvider timeProvider, ILoggerFactory loggers, TaskScheduler? scheduler, IEncoder encoder,
        ITextEncoder texts)
    {
        (_storage, _options, _timeProvider) = (storage, options, timeProvider);
        _logger = loggers.CreateLogger<EmbeddedEngine>();
        _tasks = new BackgroundTasks(scheduler, timeProvider, _logger);
        _clock = new ShopClock(timeProvider, TimeSpan.FromHours(options.HistoricalAfterHours));
        _feed = new LiveFeed(options.LiveItemsMax, options.LiveReadersMax);
        _meter = new RateMeter(timeProvider);
        _segments = new SegmentTurns(storage.Profiles, _active, timeProvider);
        var services = new CustomerActorServices
        {
            Journal = storage.Journal, Clock = _clock, Segmentation = _active, Audiences = _activeAudiences, Encoder = encoder,
        };
        _directory = new ActivationDirectory(options.ActiveCustomersMax, options.ActiveBytesMax, new OwnPlaces());
        _checkpoints = new CheckpointWriter(storage.Customers, timeProvider, options, OnProfilesChangedAsync, Retry, _logger);
        var loader = new CustomerLoader(storage, (id, e) => EngineLog.CorruptSnapshot(_logger, id, e));
        _effects = new EffectPublisher(_feed, _meter);
        _turns = new CustomerTurns(
            _directory, loader, services, _effects, options.WaitingTurnsMax, _checkpoints.Schedule, cell => _encoding!.Schedule(cell), Retry);
        _encoding = new EncodingQueue(_turns, encoder, _effects, options.Encoding, timeProvider, scheduler, _logger);
        _encodingSweep = new EncodingSweep(_turns.WakeAsync, _checkpoints.WriteAllAsync, encoder, _encoding, storage.Profiles, options.Encoding, timeProvider);
        _joins = new JoinQueue(_turns, _logger);
        _pipeline = new TrackPipeline(_turns, storage.Journal, new EventTexts(texts), _effects, _meter, _logger) { JoinAsync = _joins.JoinAsync };
        _joins.Joiner = new CustomerJoiner(
            new EmbeddedPeers(_turns, storage.Customers, OnProfilesChangedAsync), storage.Journal,
            async (request, ct) => (await _pipeline.TrackAsync([request], ct, joining: true))[0]);
        _background = new BackgroundWork(_directory, _turns, _checkpoints, _effects, _joins, storage.Profiles, () => _clock.ReferenceMs, options, _logger);
        _sweep = new WholeSweep(_background, storage.Profiles, timeProvider);
        _recovery = new StaleRecovery(_background, _sweep, storage.Customers, timeProvider, _logger);
        _reader = new CustomerReader(_turns, _effects, storage.Journal);
        var persons = new PersonFinder(new LocalHolds(_turns, storage));
        _exporter = new CustomerExporter(persons, storage, timeProvider);
        _eraser = new CustomerEraser(persons, storage.Customers, OnProfilesChangedAsync, _feed, timeProvider);
        _board = new SegmentBoard(storage.Profiles, _active);
        IShareWorker[] workers = [new ShareWorker(storage.Profiles, options.Segmentation, OnProfilesChangedAsync)];
        var ports = new SegmentationPorts
        {
            Profiles = storage.Profiles,
            Workers = () => workers,
            Segmentations = storage.Segmentations,
            Active = _active,
            Clock = timeProvider,
            ReferenceTimeMs = () => _clock.ReferenceMs,
            Encoder = () => encoder.Model,
            TextEncoder = () => texts.Model,
            RunInBackground = _tasks.Run,
            BringUpToDate = FlushAsync,
            Publish = view =>
            {
                _feed.Publish(new LiveEvent { Time = timeProvider.GetUtcNow(), Segmentation = view });
                if (view.Status == SegmentationStatus.Active && _activeAudiences.Current.Count > 0)
                {
                    // Rules may ask for the segment, which many customers have changed without a turn.
                    _sweep.Request();
                }
            },
        };
        _coordinator = new SegmentationCoordinator(ports, options.Segmentation);
        _schedule = new SegmentationSchedule(_coordinator, ports, options.Segmentation, e => EngineLog.BackgroundFailed(_logger, "schedule", e));
        _audiences = new AudienceDirectory(storage.Audiences, _activeAudiences, timeProvider, _sweep.Request);
    }

    /// <summary>Recovers and starts.</summary>
    /// <param name="storage">Stays the caller's: dispose the engine first, then the storage.</param>
    /// <param name="options">Limits and rhythms.</param>
    /// <param name="timeProvider">Clock and timers.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="scheduler">
    /// Runs the background work. Null leaves its rounds to <see cref="RunRoundAsync"/>, and starts longer work on the thread that asks for it.
    /// </param>
    /// <param name="encoder">Reads customers' events in the background; null for features alone. Stays the caller's: dispose the engine first.</param>
    /// <param name="texts">Embeds what customers write as it comes; null for none. Stays the caller's: dispose the engine first.</param>
    /// <param name="cancellationToken">Stops the start.</param>
    public static async Task<EmbeddedEngine> StartAsync(
        IStorage storage,
        EngineOptions options,
        TimeProvider timeProvider,
        ILoggerFactory loggers,
        TaskScheduler? scheduler,
        IEncoder? encoder = null,
        ITextEncoder? texts = null,
        CancellationToken cancellationToken = default)
    {
        var engine = new EmbeddedEngine(
            storage, options, timeProvider, loggers, scheduler, encoder ?? new NoEncoder("no encoder is configured"), texts ?? NoTextEncoder.Instance);
        var totals = await storage.Profiles.GetTotalsAsync(cancellationToken);
        engine._clock.Observe(totals.LatestEventMs);
        await engine._audiences.RecoverAsync(cancellationToken);
        await engine._coordinator.RecoverAsync(cancellationToken: cancellationToken);
        if (storage.Customers.IsAfterUncleanStop && engine._activeAudiences.Current.Count > 0)
        {
            // The process before may have changed an audience and ended before everybody was asked.
            engine._sweep.Request();
        }
        engine.RecoverWhenDue();
        if (scheduler is not null)
        {
            engine._tasks.RunLoop(options.TickMs, () => engine.RunRoundAsync(engine._tasks.Stopping));
            if (options.ScheduleSegmentations)
            {
                engine._tasks.Run(() => engine._schedule.RunAsync(engine._tasks.Stopping));
            }
        }
        return engine;
    }

    public ISegmentationCoordinator Coordinator => _coordinator;

    public IAudienceDirectory Audiences => _audiences;

    /// <summary>Customers in memory and their estimated bytes.</summary>
    public (int Customers, long Bytes) Active => (_directory.Count, _directory.Bytes);

    /// <summary>
    /// After <see cref="DisposeAsync"/>: whether the profile index shows everything that is in the journal. If not, the stop was no clean one: the storage
    /// must not be told that it was, so that the next start looks for who lags behind.
    /// </summary>
    public bool IsUpToDate { get; private set; }

    /// <summary>How far the encoder is with the customers.</summary>
    public EncodingProgress Encoding => _encodingSweep.Progress;

    /// <summary>The reference time of features and segments, milliseconds since 1970-01-01 UTC.</summary>
    public long ReferenceMs => _clock.ReferenceMs;

    public EngineHealth Health => StorageHealth.Of(_storage.Journal, _stopping ? "the service is stopping" : null, Encoding.ToHealth());

    public EngineCounts Count() => EngineCounter.Of(_meter, _directory, _encoding, _options);

    public ICustomerActor Customer(string customerId) =>
        new EmbeddedCustomer(customerId, _pipeline, _reader, _exporter, _eraser);

    public ISegmentActor Segment(string key) => _segments.Find(key);

    public Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default) =>
        _pipeline.TrackAsync(requests, cancellationToken);

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken = default) => _board.GetAsync(cancellationToken);

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        _storage.Profiles.GetFlowsAsync(since.ToUnixTimeMilliseconds(), cancellationToken);

    public async Task<Page<CustomerSummary>> ListCustomersAsync(
        string? segment, string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        var items = await _storage.Profiles.ListAsync(segment, Cursor.Read('c', cursor), limit, cancellationToken);
        return new Page<CustomerSummary> { Items = items, Next = items.Count < limit ? null : Cursor.After('c', items[^1].Id) };
    }

    public void Reject(IReadOnlyList<RejectionView> rejections)
    {
        _meter.AddRejections(rejections.Count);
        _storage.Rejections.Append(rejections);
    }

    public async Task<Page<RejectionView>> ListRejectionsAsync(string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        var items = await _storage.Rejections.ListAsync(Cursor.ReadNumber('r', cursor) ?? long.MaxValue, limit, cancellationToken);
        return new Page<RejectionView> { Items = items, Next = items.Count < limit ? null : Cursor.After('r', $"{items[^1].Id}") };
    }

    public IAsyncEnumerable<LiveEvent> SubscribeAsync(CancellationToken cancellationToken) => _feed.ReadAsync(cancellationToken);

    /// <summary>Writes everything that is known about everybody to the profile index, so that a list or a re-clustering sees it all.</summary>
    public Task FlushAsync() => _checkpoints.WriteAllAsync();

    /// <summary>One round of the background work.</summary>
    public async Task RunRoundAsync(CancellationToken cancellationToken = default)
    {
        await _tasks.StepAsync("checkpoint", () => _checkpoints.WriteDueAsync());
        await _tasks.StepAsync("deactivation", () => _background.DeactivateAsync());
        await _tasks.StepAsync("encoding", () => _encodingSweep.RoundAsync(cancellationToken));
        _encoding.Pump();
        if (IsDue(ref _lastSweep, _options.SweepMs))
        {
            await _tasks.StepAsync("sweep", () => _background.SweepDueAsync(cancellationToken));
        }
        if (IsDue(ref _lastRates, 1000))
        {
            await _tasks.StepAsync("rates", PublishRatesAsync);
        }
        if (_sweep.TryBegin())
        {
            _tasks.Run(() => _tasks.StepAsync("sweep of everybody", () => _sweep.RunAsync(_tasks.Stopping)));
        }
        RecoverWhenDue();
    }

    /// <summary>Refuses new events, ends the background work, and writes what is new. The caller then disposes the storage.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_stopping)
        {
            return;
        }
        _stopping = true;
        _pipeline.IsClosed = true;
        _feed.Complete();
        _tasks.Stop();
        await _coordinator.StopAsync();
        await _encoding.StopAsync();
        await _tasks.EndAsync();
        await _encodingSweep.EndAsync();
        IsUpToDate = await _checkpoints.WriteRestAsync() && _recovery.IsDone && !_sweep.IsBehind;
        if (!IsUpToDate)
        {
            EngineLog.StoppedDirty(_logger, _directory.Count);
        }
        _tasks.Dispose();
    }

    private bool IsDue(ref long last, int everyMs)
    {
        var now = _timeProvider.GetTimestamp();
        if (last != 0 && _timeProvider.GetElapsedTime(last, now).TotalMilliseconds < everyMs)
        {
            return false;
        }
        last = now;
        return true;
    }

    private async Task PublishRatesAsync()
    {
        if (_feed.HasReaders)
        {
            var totals = await _storage.Profiles.GetTotalsAsync(_tasks.Stopping);
            _feed.Publish(new LiveEvent
            {
                Time = _timeProvider.GetUtcNow(),
                Rates = _meter.Read(totals.Segments.Sum(s => s.Customers), _directory.Count),
            });
        }
    }

    private void RecoverWhenDue()
    {
        if (_recovery.TryBegin())
        {
            _tasks.Run(() => _tasks.StepAsync("recovery", () => _recovery.RunAsync(_tasks.Stopping)));
        }
    }

    /// <summary>What memory held of a customer is lost, or may be: whether its profile row lacks something is found out soon.</summary>
    private void Retry(string customerId) => _sweep.Retry([customerId]);

    private Task OnProfilesChangedAsync(ProfileChanges changes) => _segments.ApplyAsync(changes);
}
