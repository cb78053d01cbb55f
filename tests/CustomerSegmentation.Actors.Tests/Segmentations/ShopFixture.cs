using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.InMemory;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Segmentations;

namespace CustomerSegmentation.Actors.Tests.Segmentations;

/// <summary>A shop in memory with a coordinator on one thread: background work waits until <see cref="Run"/>.</summary>
internal sealed class ShopFixture
{
    private readonly Queue<Func<Task>> _background = new();
    private readonly List<Task> _running = [];
    private readonly Dictionary<string, long> _sequences = [];

    public ShopFixture(InMemoryStorage? storage = null)
    {
        Storage = storage ?? new InMemoryStorage();
        Clock = new ManualClock(new DateTimeOffset(2024, 3, 1, 12, 0, 0, TimeSpan.Zero));
        Profiles = Storage.Profiles;
        Segmentations = Storage.Segmentations;
    }

    public InMemoryStorage Storage { get; }

    public ManualClock Clock { get; }

    public ActiveSegmentationCell Active { get; } = new();

    public SegmentationOptions Options { get; } = new() { DegreeOfParallelism = 1, ReadBatchSize = 64, AssignBatchSize = 50, ShareRowsMax = 64 };

    public List<SegmentationView> Published { get; } = [];

    public List<ProfileChanges> Changes { get; } = [];

    public Action<SegmentationView> OnPublish { get; set; } = static _ => { };

    /// <summary>May be wrapped to inject faults before <see cref="Coordinator"/> is first used.</summary>
    public IProfileIndex Profiles { get; set; }

    public ISegmentationStore Segmentations { get; set; }

    /// <summary>Who reads the profile index in shares: one worker unless a test wants others.</summary>
    public IReadOnlyList<IShareWorker> Workers
    {
        get => field ??= [CreateWorker()];
        set;
    }

    public SegmentationPorts Ports => field ??= new SegmentationPorts
    {
        Profiles = Profiles,
        Workers = () => Workers,
        Segmentations = Segmentations,
        Active = Active,
        Clock = Clock,
        ReferenceTimeMs = () => Clock.GetUtcNow().ToUnixTimeMilliseconds(),
        RunInBackground = _background.Enqueue,
        Publish = view =>
        {
            Published.Add(view);
            OnPublish(view);
        },
    };

    public SegmentationCoordinator Coordinator => field ??= new SegmentationCoordinator(Ports, Options);

    public ShareWorker CreateWorker() => new(Profiles, Options, changes =>
    {
        lock (Changes)
        {
            Changes.Add(changes);
        }

        return Task.CompletedTask;
    });

    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The given numbers of each type, the same for the same seed.</summary>
    public static List<PlantedCustomer> Plant(int seed, params (string Type, int Count)[] types)
    {
        var random = new Random(seed);
        return [.. types.SelectMany(type => Enumerable.Range(0, type.Count)
            .Select(i => PlantedCustomer.Draw($"{type.Type}-{i}", type.Type, random)))];
    }

    public static List<PlantedCustomer> FiveTypes(int seed = 1, int each = 60) => Plant(
        seed,
        (PlantedCustomer.Champion, each),
        (PlantedCustomer.Lapsed, each),
        (PlantedCustomer.New, each),
        (PlantedCustomer.Bargain, each),
        (PlantedCustomer.Browser, each));

    /// <summary>Writes the customers' profiles as of now, as checkpoints of live actors would; assignments stay as they are.</summary>
    public async Task WriteAsync(IEnumerable<PlantedCustomer> customers)
    {
        var checkpoints = new List<CustomerCheckpoint>();
        foreach (var customer in customers)
        {
            var sequence = _sequences[customer.Id] = _sequences.GetValueOrDefault(customer.Id) + 1;
            var append = new JournalAppend(customer.Id, 0, sequence, 1, new byte[] { 1 }, NowMs, NowMs);
            Storage.Journal.TryAppend(append);
            checkpoints.Add(new CustomerCheckpoint
            {
                CustomerId = customer.Id,
                CustomerKey = append.CustomerKey,
                Sequence = sequence,
                State = new byte[] { 1 },
                Profile = new ProfileRow
                {
                    CustomerId = customer.Id,
                    CustomerKey = append.CustomerKey,
                    Vector = customer.Vector,
                    SchemaHash = FeatureSchema.Current.Hash,
                    AsOfMs = NowMs,
                    Monetary = customer.Monetary,
                },
            });
        }

        await Storage.Customers.CheckpointAsync(checkpoints);
    }

    /// <summary>Runs background work until none waits.</summary>
    public void Run()
    {
        while (_background.TryDequeue(out var work))
        {
            _running.Add(work());
        }

        foreach (var failed in _running.Where(task => task.IsFaulted))
        {
            failed.GetAwaiter().GetResult();
        }
    }

    /// <summary>Runs background work that waits for others, to its end.</summary>
    public async Task FinishAsync()
    {
        while (_background.Count > 0)
        {
            Run();
            await Task.WhenAll(_running);
        }
    }

    /// <summary>Forgets waiting background work, as a process does that is killed.</summary>
    public void Kill() => _background.Clear();

    public async Task<SegmentationView> ReclusterAsync(SegmentationRequest? request = null)
    {
        var started = await Coordinator.StartAsync(request ?? new SegmentationRequest());
        Run();
        return (await Coordinator.GetAsync(started.Version))!;
    }

    public async Task<Dictionary<string, ProfileRow>> RowsAsync()
    {
        var rows = new Dictionary<string, ProfileRow>();
        await foreach (var batch in Storage.Profiles.ScanAsync(1_000))
        {
            foreach (var row in batch)
            {
                rows.Add(row.CustomerId, row);
            }
        }

        return rows;
    }

    public async Task<Dictionary<string, string?>> SegmentsAsync() =>
        (await RowsAsync()).ToDictionary(row => row.Key, row => row.Value.Assignment?.Segment);
}
