using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Engine.Embedded;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Postgres;
using CustomerSegmentation.Storage.TestKit.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Engine.Orleans.Tests;

public sealed class SharedReclusteringTests
{
    private const int Customers = 400;

    // The shop is a history: its time stands still, so that two re-clusterings see the same.
    private const long EndMs = 1_760_000_000_000;

    [PostgresFact]
    public async Task Two_silos_find_what_one_process_finds_on_the_same_data()
    {
        await using var cluster = await StartAsync("shares");
        var outside = await cluster.ConnectAsync();
        await SendAsync(outside);

        var shared = await ReclusterAsync(outside, cluster.Silos[0].Storage, activate: true);

        Assert.All(cluster.Silos, silo => Assert.True(silo.Storage.Scans > 0));
        Assert.Equal(Customers, (await outside.GetSegmentsAsync()).Segments.Sum(s => s.Size));
        // Stored vectors are in single precision, and were written anew when the silos stopped.
        var whole = await ReclusterAloneAsync(cluster);
        Assert.Equal(whole.Metrics.MeanSquaredDistance, shared.Metrics.MeanSquaredDistance, 1e-6);
        Assert.Equal(whole.Segments.Select(s => s.SizeAtFit), shared.Segments.Select(s => s.SizeAtFit));
        foreach (var (one, other) in whole.Segments.Zip(shared.Segments))
        {
            Assert.Equal(one.MonetaryAtFit, other.MonetaryAtFit, 1e-3);
            Assert.All(one.Centroid.ToArray().Zip(other.Centroid.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
        }
    }

    [PostgresFact]
    public async Task Shares_of_a_silo_that_is_lost_in_the_middle_are_done_by_the_others()
    {
        await using var cluster = await StartAsync("lost_share");
        await SendAsync(cluster.Engine);
        // Whoever has the coordinator plans; the other one is lost with a share in its hands.
        var coordinator = await FindCoordinatorAsync(cluster);
        var victim = cluster.Silos.Single(silo => silo != coordinator);
        var (inHand, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        victim.Storage.BeforeScan = async _ =>
        {
            if (inHand.TrySetResult())
            {
                await never.Task;
            }
        };

        var started = await coordinator.Engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 3, Seed = 5 });
        await inHand.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        await cluster.KillAsync(victim);

        var view = await EndAsync(coordinator.Engine, started.Version);
        never.SetException(new IOException("the silo is gone"));
        Assert.Equal((null, SegmentationStatus.Active), (view.Error, view.Status));
        Assert.Equal(Customers, (await coordinator.Engine.GetSegmentsAsync()).Segments.Sum(s => s.Size));
        var shared = await FittedAsync(coordinator.Storage, started.Version);
        var whole = await ReclusterAloneAsync(cluster);
        Assert.Equal(whole.Segments.Select(s => s.SizeAtFit), shared.Segments.Select(s => s.SizeAtFit));
    }

    [PostgresFact]
    public async Task Cancelled_reclustering_ends_at_once_though_a_silo_hangs_and_the_next_one_runs()
    {
        await using var cluster = await StartAsync("cancel_share");
        await SendAsync(cluster.Engine);
        var coordinator = await FindCoordinatorAsync(cluster);
        var slow = cluster.Silos.Single(silo => silo != coordinator);
        var (inHand, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        slow.Storage.BeforeScan = async _ =>
        {
            inHand.TrySetResult();
            await goOn.Task;
        };

        var started = await coordinator.Engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 3 });
        await inHand.Task.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        var cancelled = await slow.Engine.Coordinator.CancelAsync(started.Version);
        Assert.Equal(SegmentationStatus.Cancelled, cancelled!.Status);
        var again = await slow.Engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 3 }).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        goOn.SetResult();

        Assert.False(again.AlreadyRunning);
        Assert.Equal(SegmentationStatus.Active, (await EndAsync(coordinator.Engine, again.Version)).Status);
        Assert.Equal(SegmentationStatus.Cancelled, (await coordinator.Engine.Coordinator.GetAsync(started.Version))!.Status);
    }

    private static Task<TestCluster> StartAsync(string name) => TestCluster.StartAsync(name, options: Options(shareRowsMax: 16));

    /// <summary>A fit begins in a sample of a quarter, so that the passes over everybody have something to do.</summary>
    private static EngineOptions Options(int shareRowsMax) => new()
    {
        ScheduleSegmentations = false, Segmentation = { ShareRowsMax = shareRowsMax, SampleRowsMax = Customers / 4, StayMargin = 0 },
    };

    private static async Task SendAsync(ISegmentationEngine engine)
    {
        var random = new Random(7);
        await engine.TrackAsync([.. Enumerable.Range(0, Customers).Select(i => Events.Of($"c{i}", [.. Orders(random, i % 3)]))]);
    }

    private static IEnumerable<CustomerEvent> Orders(Random random, int type)
    {
        for (var n = 0; n < (type == 0 ? 1 : 4 * type); n++)
        {
            var atMs = EndMs - (long)(random.NextDouble() * (type == 1 ? 300 : 30) * 86_400_000);
            yield return new CustomerEvent
            {
                MessageId = $"m{n}", Kind = EventKind.OrderCompleted, TimestampMs = atMs, ReceivedMs = atMs, OrderId = $"o{n}",
                Amount = Math.Round((random.NextDouble() * 20) + (type * type * 40), 2),
            };
        }
    }

    /// <summary>The silo that has the coordinator.</summary>
    private static async Task<TestSilo> FindCoordinatorAsync(TestCluster cluster)
    {
        await cluster.Engine.Coordinator.ListAsync(null, 1);
        var address = await cluster.Silos[0].Grains.GetGrain<IManagementGrain>(0).GetActivationAddress((IAddressable)cluster.Engine.Coordinator);
        return cluster.Silos.Single(silo => silo.Address.Equals(address));
    }

    private static async Task<Segmentation> ReclusterAsync(ISegmentationEngine engine, IStorage storage, bool activate)
    {
        var started = await engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 3, Seed = 5, Activate = activate });
        Assert.Null((await EndAsync(engine, started.Version)).Error);
        return await FittedAsync(storage, started.Version);
    }

    /// <summary>The same on one process, once the silos are gone.</summary>
    private static async Task<Segmentation> ReclusterAloneAsync(TestCluster cluster)
    {
        foreach (var silo in cluster.Silos.ToList())
        {
            await cluster.StopAsync(silo);
        }
        await using var storage = await PostgresStorage.OpenAsync(cluster.Storage, TimeProvider.System);
        await using var engine = await EmbeddedEngine.StartAsync(
            storage, Options(shareRowsMax: 100_000), TimeProvider.System, NullLoggerFactory.Instance, TaskScheduler.Default);
        return await ReclusterAsync(engine, storage, activate: false);
    }

    /// <summary>A version is shown as ready a moment before it is stored.</summary>
    private static async Task<Segmentation> FittedAsync(IStorage storage, int version)
    {
        while (true)
        {
            if (SegmentationState.Read((await storage.Segmentations.LoadAsync(version))!.Payload.Span).Fitted is { } fitted)
            {
                return fitted;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }
    }

    private static async Task<SegmentationView> EndAsync(ISegmentationEngine engine, int version)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (true)
        {
            var view = (await engine.Coordinator.GetAsync(version))!;
            if (view.Status is not (SegmentationStatus.Running or SegmentationStatus.Activating)
                && !(view.Status == SegmentationStatus.Ready && view.Progress < 1))
            {
                return view;
            }
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromMinutes(2), $"{view.Step} did not end within two minutes");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
