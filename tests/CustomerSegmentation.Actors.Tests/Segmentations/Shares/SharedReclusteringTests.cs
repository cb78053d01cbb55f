using System.Collections.Concurrent;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Actors.Tests.Segmentations.Shares;

public sealed class SharedReclusteringTests
{
    [Theory]
    [InlineData(1, 1_000, 1_000, 1)]
    [InlineData(2, 64, 1_000, 2)]
    [InlineData(3, 7, 1_000, 4)]
    [InlineData(4, 64, 100, 1)]
    [InlineData(5, 33, 100, 3)]
    [InlineData(6, 1, 50, 2)]
    public async Task Recluster_gives_the_same_however_the_customers_are_shared_out(int seed, int shareRowsMax, int sampleRowsMax, int workers)
    {
        var whole = await FitAsync(seed, shareRowsMax: 10_000, sampleRowsMax, workers: 1);

        var shared = await FitAsync(seed, shareRowsMax, sampleRowsMax, workers);

        AssertEqual(whole, shared);
    }

    [Theory]
    [InlineData("sample", 1)]
    [InlineData("sum", 7)]
    [InlineData("sum", 12)]
    [InlineData("place", 1)]
    [InlineData("assign", 1)]
    public async Task Share_of_a_worker_that_is_lost_is_done_by_another(string at, int call)
    {
        var whole = await FitAsync(seed: 1, shareRowsMax: 10_000, sampleRowsMax: 100, workers: 1);
        var isLost = false;
        var reached = new ConcurrentDictionary<string, ManualResetEventSlim>();

        var shared = await FitAsync(seed: 1, shareRowsMax: 16, sampleRowsMax: 100, workers: 2, (worker, number, what) =>
        {
            // The first worker may not do all shares of a step before the second one has begun.
            var second = reached.GetOrAdd(what, _ => new ManualResetEventSlim());
            if (worker == 1)
            {
                second.Set();
            }

            Assert.True(second.Wait(TimeSpan.FromMinutes(1)), $"nobody but the first worker does {what}");
            isLost |= worker == 1 && what == at && number >= call;
            if (isLost && worker == 1)
            {
                throw new IOException("gone");
            }
        });

        Assert.True(isLost);
        AssertEqual(whole, shared);
    }

    [Fact]
    public async Task Recluster_fails_with_the_reason_when_nobody_is_left()
    {
        var shop = await OpenAsync(seed: 1);
        shop.Workers = [Hook(shop, (_, _) => throw new IOException("gone")), Hook(shop, (_, _) => throw new IOException("gone"))];

        var view = await ReclusterAsync(shop);

        Assert.Equal((SegmentationStatus.Failed, true), (view.Status, view.Error!.Contains("gone", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Cancelled_recluster_hands_out_no_more_shares()
    {
        var shop = await OpenAsync(seed: 1);
        shop.Options.ShareRowsMax = 4;
        Task<SegmentationView?>? cancel = null;
        var worker = Hook(shop, (call, what) =>
        {
            if (what == "sum" && cancel is null)
            {
                cancel = shop.Coordinator.CancelAsync(1);
            }
        });
        shop.Workers = [worker];

        var view = await ReclusterAsync(shop);

        Assert.Equal((SegmentationStatus.Cancelled, "fitting"), (view.Status, view.Step));
        // Everybody was sampled; of the shares of the next step one was begun.
        Assert.Equal(75 + 1, worker.Calls);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1 << 20, true)]
    public async Task Points_are_kept_between_passes_within_their_bound(long bytesMax, bool isKept)
    {
        var shop = await OpenAsync(seed: 3);
        var scans = 0;
        var sums = 0;
        shop.Profiles = new FaultyProfileIndex(shop.Storage.Profiles) { BeforeScan = () => scans++ };
        shop.Options.ShareCacheBytesMax = bytesMax;
        shop.Options.SampleRowsMax = 60;
        shop.Workers = [Hook(shop, (_, what) => sums += what == "sum" ? 1 : 0)];

        await ReclusterAsync(shop, activate: false);

        // Five shares; sampling and the preview read each once.
        Assert.True(sums > 5);
        Assert.Equal(isKept ? 3 * 5 : (2 * 5) + sums, scans);
    }

    private static async Task<Segmentation> FitAsync(
        int seed, int shareRowsMax, int sampleRowsMax, int workers, Action<int, int, string>? before = null)
    {
        var shop = await OpenAsync(seed);
        (shop.Options.ShareRowsMax, shop.Options.SampleRowsMax) = (shareRowsMax, sampleRowsMax);
        shop.Workers = [.. Enumerable.Range(0, workers).Select(worker => Hook(shop, (call, what) => before?.Invoke(worker, call, what)))];

        var view = await ReclusterAsync(shop);

        Assert.Null(view.Error);
        Assert.Equal(SegmentationStatus.Active, view.Status);
        var sizes = (await shop.SegmentsAsync()).GroupBy(segment => segment.Value!).ToDictionary(group => group.Key, group => group.LongCount());
        Assert.Equal(view.Segments.Where(segment => segment.Size > 0).ToDictionary(segment => segment.Key, segment => segment.Size), sizes);
        return SegmentationState.Read((await shop.Storage.Segmentations.LoadAsync(1))!.Payload.Span).Fitted!;
    }

    private static async Task<ShopFixture> OpenAsync(int seed)
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes(seed));
        return shop;
    }

    private static HookedWorker Hook(ShopFixture shop, Action<int, string> before) => new(shop.CreateWorker()) { Before = before };

    private static async Task<SegmentationView> ReclusterAsync(ShopFixture shop, bool activate = true)
    {
        var started = await shop.Coordinator.StartAsync(new SegmentationRequest { Seed = 5, Activate = activate });
        await shop.FinishAsync();
        return (await shop.Coordinator.GetAsync(started.Version))!;
    }

    private static void AssertEqual(Segmentation whole, Segmentation shared)
    {
        Assert.Equal(whole.Customers, shared.Customers);
        Assert.Equal(whole.Metrics.MeanSquaredDistance, shared.Metrics.MeanSquaredDistance, 1e-9);
        Assert.Equal(whole.Segments.Select(s => (s.Key, s.Name, s.SizeAtFit)), shared.Segments.Select(s => (s.Key, s.Name, s.SizeAtFit)));
        Assert.Equal(whole.Moves.Select(m => (m.From, m.To, m.Customers)), shared.Moves.Select(m => (m.From, m.To, m.Customers)));
        foreach (var (one, other) in whole.Segments.Zip(shared.Segments))
        {
            Assert.Equal(one.MonetaryAtFit, other.MonetaryAtFit, 1e-6);
            for (var i = 0; i < one.Centroid.Length; i++)
            {
                Assert.Equal(one.Centroid.Span[i], other.Centroid.Span[i], 1e-5);
            }
        }
    }
}
