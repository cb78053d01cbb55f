using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Storage.InMemory;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class SegmentTests
{
    [Fact]
    public async Task Customers_have_no_segment_before_the_first_segmentation_and_one_after_it()
    {
        await using var shop = await OpenPlantedAsync();
        Assert.Null((await shop.Engine.Customer("rich-1").GetAsync())!.Segment);

        var version = await ReclusterAsync(shop);

        Assert.Equal(SegmentationStatus.Active, version.Status);
        var rich = await shop.Engine.Customer("rich-1").GetAsync();
        var poor = await shop.Engine.Customer("poor-1").GetAsync();
        Assert.NotNull(rich!.Segment);
        Assert.NotEqual(rich.Segment.Key, poor!.Segment!.Key);
        Assert.InRange(rich.Segment.Probability, 0.0, 1.0);
    }

    [Fact]
    public async Task New_customer_is_placed_by_the_first_event()
    {
        await using var shop = await OpenPlantedAsync();
        await ReclusterAsync(shop);

        await shop.TrackAsync("newcomer", shop.Order("m1", 11));

        Assert.NotNull((await shop.Engine.Customer("newcomer").GetAsync())!.Segment);
    }

    [Fact]
    public async Task Counts_equal_the_profiles_after_moves_erasure_and_reclustering()
    {
        await using var shop = await OpenPlantedAsync();
        await ReclusterAsync(shop);
        for (var i = 0; i < 10; i++)
        {
            for (var order = 0; order < 12; order++)
            {
                await shop.TrackAsync($"poor-{i}", shop.Order($"boost-{order}", 400, TimeSpan.FromHours(order)));
            }
        }
        await shop.Engine.Customer("rich-3").EraseAsync();
        await shop.PassAsync(TimeSpan.FromSeconds(10));
        await AssertCountsAsync(shop, 79);

        await ReclusterAsync(shop);
        await AssertCountsAsync(shop, 79);

        await shop.CrashAsync();
        await AssertCountsAsync(shop, 79);
    }

    [Fact]
    public async Task Transition_leaves_only_after_its_event_is_committed()
    {
        await using var shop = await OpenPlantedAsync();
        await ReclusterAsync(shop);
        using var stop = new CancellationTokenSource();
        var seen = new List<LiveEvent>();
        var reading = ReadAsync(shop, seen, stop.Token);
        var before = (await shop.Engine.Customer("poor-2").GetAsync())!.Segment!.Key;

        for (var order = 0; order < 12; order++)
        {
            await shop.TrackAsync("poor-2", shop.Order($"boost-{order}", 400, TimeSpan.FromHours(order)));
        }

        var history = (await shop.Engine.Customer("poor-2").GetHistoryAsync())!;
        var moved = Assert.Single(history.Transitions, t => t.Cause == "event" && t.From == before);
        await stop.CancelAsync();
        await reading;
        Assert.Contains(seen, e => e.Transition is { } t && t.CustomerId == "poor-2" && t.To == moved.To);
    }

    [Fact]
    public async Task Uncommitted_transition_is_never_published()
    {
        var storage = new InMemoryStorageOptions { ManualCommit = true };
        await using var shop = await Shop.OpenAsync(storage: storage);
        shop.Storage.AppendQueued = () => shop.Storage.CommitPending();
        await PlantAsync(shop);
        await ReclusterAsync(shop);
        using var stop = new CancellationTokenSource();
        var seen = new List<LiveEvent>();
        var reading = ReadAsync(shop, seen, stop.Token);

        shop.Storage.AppendQueued = null;
        var lost = Enumerable.Range(0, 12).Select(i => shop.TrackAsync("poor-2", shop.Order($"boost-{i}", 400, TimeSpan.FromHours(i)))).ToList();
        shop.Storage.FailPending(new IOException("disk full"));
        await Task.WhenAll(lost);

        await stop.CancelAsync();
        await reading;
        Assert.DoesNotContain(seen, e => e.Transition is not null);
        Assert.DoesNotContain((await shop.Engine.Customer("poor-2").GetHistoryAsync())!.Transitions, t => t.Cause == "event");
    }

    [Fact]
    public async Task Time_alone_moves_customers_without_any_event()
    {
        await using var shop = await OpenPlantedAsync(new EngineOptions { HistoricalAfterHours = 1e5 });
        await ReclusterAsync(shop);
        var rich = (await shop.Engine.Customer("rich-1").GetAsync())!.Segment!;

        for (var day = 0; day < 300; day++)
        {
            await shop.PassAsync(TimeSpan.FromDays(1));
            await shop.PassAsync(TimeSpan.FromSeconds(2));
        }

        var history = (await shop.Engine.Customer("rich-1").GetHistoryAsync())!;
        Assert.Contains(history.Transitions, t => t.Cause == "time" && t.From == rich.Key);
    }

    [Fact]
    public async Task Audience_is_entered_by_event_and_left_by_time()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { HistoricalAfterHours = 1e5 });
        await shop.TrackAsync("ada", shop.Order("m1", 40));
        await shop.PassAsync(TimeSpan.FromSeconds(10));
        await shop.Engine.Audiences.PutAsync("fresh-buyers", "Fresh buyers", """{"all":[{"feature":"recencyDays","op":"<","value":7},{"feature":"frequency","op":">=","value":1}]}""");
        await shop.PassAsync(TimeSpan.FromSeconds(1));

        Assert.Equal(["fresh-buyers"], (await shop.Engine.Customer("ada").GetAsync())!.Audiences);
        Assert.Equal(1, Assert.Single(await shop.Engine.Audiences.ListAsync()).Size);

        await shop.PassAsync(TimeSpan.FromDays(8));
        await shop.PassAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(0, Assert.Single(await shop.Engine.Audiences.ListAsync()).Size);
    }

    [Fact]
    public async Task Transition_that_a_reader_finds_after_a_reclustering_is_published()
    {
        await using var shop = await OpenPlantedAsync();
        await ReclusterAsync(shop);
        var stop = new CancellationTokenSource();
        var seen = new List<LiveEvent>();

        // Loaded before the second version is in force, and never in the profile index: only a reader can bring the customer up to date.
        await shop.TrackAsync("newcomer", shop.Order("m1", 11));
        await shop.Engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 4 });
        var reading = ReadAsync(shop, seen, stop.Token);
        var moved = new List<string>();
        for (var i = 0; i < 40; i++)
        {
            foreach (var id in new[] { $"rich-{i}", $"poor-{i}", "newcomer" })
            {
                var transitions = (await shop.Engine.Customer(id).GetHistoryAsync())!.Transitions;
                if (transitions[0].Cause == "segmentation" && transitions[0].Version == 2)
                {
                    moved.Add(id);
                }
            }
        }
        await stop.CancelAsync();
        await reading;
        Assert.NotEmpty(moved);
        Assert.Equal(moved.Distinct().Order(), seen.Where(e => e.Transition is { Cause: "segmentation" }).Select(e => e.Transition!.CustomerId).Order());
    }

    [Fact]
    public async Task Audience_of_a_segment_follows_a_reclustering_without_any_event()
    {
        await using var shop = await OpenPlantedAsync(new EngineOptions { IdleSeconds = 1 });
        await ReclusterAsync(shop);
        var first = (await shop.Engine.GetSegmentsAsync()).Segments.Select(s => s.Key).ToList();
        foreach (var key in first)
        {
            await shop.Engine.Audiences.PutAsync(key, key, $$"""{"segment":"{{key}}"}""");
        }
        for (var i = 0; i < 30; i++)
        {
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        }
        Assert.Equal(0, shop.Engine.Active.Customers);

        await shop.Engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 5 });
        await shop.PassAsync(TimeSpan.FromSeconds(1));

        foreach (var audience in await shop.Engine.Audiences.ListAsync())
        {
            Assert.Equal((await shop.Engine.ListCustomersAsync(audience.Key, null, 500)).Items.Count, audience.Size);
        }
    }

    private static async Task<Shop> OpenPlantedAsync(EngineOptions? options = null)
    {
        var shop = await Shop.OpenAsync(options);
        await PlantAsync(shop);
        return shop;
    }

    /// <summary>Forty customers who buy much and often, forty who bought little once.</summary>
    private static async Task PlantAsync(Shop shop)
    {
        var random = new Random(1);
        for (var i = 0; i < 40; i++)
        {
            for (var order = 0; order < 12; order++)
            {
                await shop.TrackAsync($"rich-{i}", shop.Order($"m{order}", 200 + random.Next(100), TimeSpan.FromDays(order * 5 + random.Next(4))));
            }
            await shop.TrackAsync($"poor-{i}", shop.Order("m", 10 + random.Next(5), TimeSpan.FromDays(60 + random.Next(30))), shop.View("v", ago: TimeSpan.FromDays(60)));
        }
        await shop.PassAsync(TimeSpan.FromSeconds(10));
    }

    private static async Task<SegmentationView> ReclusterAsync(Shop shop)
    {
        await shop.Engine.FlushAsync();
        var started = await shop.Engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 2 });
        return (await shop.Engine.Coordinator.GetAsync(started.Version))!;
    }

    private static async Task AssertCountsAsync(Shop shop, int customers)
    {
        var view = await shop.Engine.GetSegmentsAsync();
        Assert.Equal(customers, view.Customers);
        Assert.Equal(customers, view.Segments.Sum(s => s.Size));
        foreach (var segment in view.Segments)
        {
            var members = await shop.Engine.ListCustomersAsync(segment.Key, null, 500);
            Assert.Equal(members.Items.Count, segment.Size);
            Assert.Equal(members.Items.Sum(m => m.Monetary), segment.Monetary, 3);
            Assert.Equal(segment.Size, (await shop.Engine.Segment(segment.Key).GetAsync())!.Size);
        }
    }

    private static async Task ReadAsync(Shop shop, List<LiveEvent> into, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var item in shop.Engine.SubscribeAsync(cancellationToken))
            {
                into.Add(item);
            }
        }
        catch (OperationCanceledException)
        {
            // The test has seen enough.
        }
    }
}
