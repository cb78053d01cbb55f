using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Learning.Evaluation;

namespace CustomerSegmentation.Actors.Tests.Segmentations;

public sealed class SegmentationCoordinatorTests
{
    [Fact]
    public async Task Recluster_finds_the_planted_types_and_assigns_everybody()
    {
        var shop = new ShopFixture();
        var customers = ShopFixture.FiveTypes();
        await shop.WriteAsync(customers);

        var view = await shop.ReclusterAsync();
        var segments = await shop.SegmentsAsync();

        Assert.Equal((SegmentationStatus.Active, "done", 1.0), (view.Status, view.Step, view.Progress));
        Assert.Equal(5, view.Segments.Count);
        Assert.Equal(300, view.Customers);
        Assert.True(Agreement(customers, segments) > 0.95);
        Assert.All(segments.Values, Assert.NotNull);
        Assert.Contains(view.Segments, segment => segment.Key == "champions");
        Assert.Contains(view.Segments, segment => segment.Key == "bargain-hunters");
        Assert.Contains(view.Segments, segment => segment.Key == "browsers");
        Assert.Equal(300, view.Moves.Where(move => move.From is null).Sum(move => move.Customers));
        Assert.Equal(300, view.Segments.Sum(segment => segment.Size));
        Assert.True(view.Metrics!.Stability > 0.8);
    }

    [Fact]
    public async Task Recluster_with_the_same_seed_and_profiles_gives_the_same_segments()
    {
        var first = await FitAsync();
        var second = await FitAsync();

        Assert.Equal(first, second);

        static async Task<byte[]> FitAsync()
        {
            var shop = new ShopFixture();
            await shop.WriteAsync(ShopFixture.FiveTypes());
            await shop.ReclusterAsync(new SegmentationRequest { Seed = 9, Activate = false });
            return (await shop.Storage.Segmentations.LoadAsync(1))!.Payload.ToArray();
        }
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(100)]
    public async Task Recluster_does_not_depend_on_the_order_in_which_customers_came(int sampleRowsMax)
    {
        var customers = ShopFixture.FiveTypes();

        var forwards = await FitAsync(customers);
        var backwards = await FitAsync(Enumerable.Reverse(customers).ToList());

        Assert.Equal(forwards, backwards);

        async Task<List<(string, double, string)>> FitAsync(List<PlantedCustomer> order)
        {
            var shop = new ShopFixture();
            shop.Options.SampleRowsMax = sampleRowsMax;
            await shop.WriteAsync(order);
            var view = await shop.ReclusterAsync(new SegmentationRequest { Seed = 9, Activate = false });
            return [.. view.Segments.Select(s => (s.Key, (double)s.Size, s.Description))];
        }
    }

    [Fact]
    public async Task Recluster_on_a_sample_places_everybody()
    {
        var shop = new ShopFixture();
        shop.Options.SampleRowsMax = 100;
        var customers = ShopFixture.FiveTypes();
        await shop.WriteAsync(customers);

        var view = await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = 5 });

        Assert.Equal(300, view.Segments.Sum(segment => segment.Size));
        Assert.True(Agreement(customers, await shop.SegmentsAsync()) > 0.9);
    }

    [Fact]
    public async Task Recluster_of_a_preview_moves_nobody_until_it_is_activated()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());

        var preview = await shop.ReclusterAsync(new SegmentationRequest { Activate = false });

        Assert.Equal((SegmentationStatus.Ready, 1.0), (preview.Status, preview.Progress));
        Assert.All((await shop.SegmentsAsync()).Values, Assert.Null);
        Assert.Null(shop.Active.Current);
        Assert.Null(await shop.Coordinator.GetCurrentAsync());

        await shop.Coordinator.ActivateAsync(preview.Version);
        shop.Run();
        var sizes = (await shop.SegmentsAsync()).GroupBy(segment => segment.Value).ToDictionary(group => group.Key!, group => group.LongCount());

        Assert.Equal(preview.Segments.ToDictionary(segment => segment.Key, segment => segment.Size), sizes);
        Assert.Equal(SegmentationStatus.Active, (await shop.Coordinator.GetCurrentAsync())!.Status);
    }

    [Fact]
    public async Task Start_while_one_runs_returns_the_running_one()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        var first = await shop.Coordinator.StartAsync(new SegmentationRequest());

        var second = await shop.Coordinator.StartAsync(new SegmentationRequest());

        Assert.False(first.AlreadyRunning);
        Assert.True(second.AlreadyRunning);
        Assert.Equal(first.Version, second.Version);
    }

    [Fact]
    public async Task Progress_is_published_for_every_step_and_only_grows()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());

        await shop.ReclusterAsync();

        string[] steps = ["reading", "choosing", "fitting", "naming", "previewing", "done", "assigning", "done"];
        Assert.Equal(steps, shop.Published.Select(view => view.Step).Aggregate(new List<string>(), (seen, step) =>
        {
            if (seen.LastOrDefault() != step)
            {
                seen.Add(step);
            }

            return seen;
        }));
        Assert.Equal(shop.Published.Select(view => view.Progress).Order(), shop.Published.Select(view => view.Progress));
        Assert.Equal(1, shop.Published[^1].Progress);
        Assert.All(shop.Published, view => Assert.Empty(view.Segments));
    }

    [Theory]
    [InlineData("reading")]
    [InlineData("choosing")]
    [InlineData("fitting")]
    [InlineData("naming")]
    [InlineData("previewing")]
    public async Task Cancel_at_each_step_of_a_fit_ends_it_and_frees_the_place(string step)
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        shop.OnPublish = view =>
        {
            if (view.Step == step && view.Progress > 0 && view.Status == SegmentationStatus.Running)
            {
                Assert.Equal(SegmentationStatus.Cancelled, shop.Coordinator.CancelAsync(view.Version).Result!.Status);
            }
        };

        var cancelled = await shop.ReclusterAsync();
        shop.OnPublish = static _ => { };
        var next = await shop.ReclusterAsync();

        Assert.Equal((SegmentationStatus.Cancelled, step), (cancelled.Status, cancelled.Step));
        Assert.Equal((2, SegmentationStatus.Active), (next.Version, next.Status));
        Assert.Equal(SegmentationStatus.Cancelled, (await shop.Coordinator.GetAsync(1))!.Status);
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Coordinator.ActivateAsync(1));
    }

    [Fact]
    public async Task Cancel_while_customers_are_reassigned_brings_the_version_before_back()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        await shop.ReclusterAsync();
        var before = await shop.SegmentsAsync();
        Task? cancel = null;
        shop.OnPublish = view =>
        {
            if (view is { Version: 2, Step: "assigning", Progress: > 0.8 } && cancel is null)
            {
                cancel = shop.Coordinator.CancelAsync(2);
            }
        };

        await shop.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 3 });
        shop.Run();
        await cancel!;
        shop.Run();

        Assert.Equal(1, shop.Active.Current!.Segmentation.Version);
        Assert.Equal(SegmentationStatus.Ready, (await shop.Coordinator.GetAsync(2))!.Status);
        Assert.Equal(before, await shop.SegmentsAsync());
    }

    [Fact]
    public async Task Failure_while_reading_is_kept_with_its_reason_and_frees_the_place()
    {
        var shop = new ShopFixture();
        var faulty = new FaultyProfileIndex(shop.Storage.Profiles);
        shop.Profiles = faulty;
        await shop.WriteAsync(ShopFixture.FiveTypes());
        faulty.BeforeScan = () => throw new IOException("disk on fire");

        var failed = await shop.ReclusterAsync();
        faulty.BeforeScan = static () => { };

        Assert.Equal(SegmentationStatus.Failed, failed.Status);
        Assert.Contains("disk on fire", failed.Error, StringComparison.Ordinal);
        Assert.Equal(SegmentationStatus.Active, (await shop.ReclusterAsync()).Status);
    }

    [Fact]
    public async Task Reassignment_goes_on_when_the_storage_comes_back()
    {
        var shop = new ShopFixture();
        var faulty = new FaultyProfileIndex(shop.Storage.Profiles);
        shop.Profiles = faulty;
        await shop.WriteAsync(ShopFixture.FiveTypes());
        faulty.BeforeReassign = () => throw new IOException("away");

        var waiting = await shop.ReclusterAsync();
        faulty.BeforeReassign = static () => { };
        shop.Clock.Advance(TimeSpan.FromSeconds(2));

        Assert.Equal(SegmentationStatus.Activating, waiting.Status);
        Assert.Contains("away", waiting.Error, StringComparison.Ordinal);
        Assert.Equal(SegmentationStatus.Active, (await shop.Coordinator.GetAsync(1))!.Status);
        Assert.All((await shop.SegmentsAsync()).Values, Assert.NotNull);
    }

    [Theory]
    [InlineData(0, "0 customers are known")]
    [InlineData(1, "1 customers are known")]
    public async Task Recluster_of_too_few_customers_says_so(int count, string reason)
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.Plant(1, (PlantedCustomer.New, count)));

        var view = await shop.ReclusterAsync();

        Assert.Equal(SegmentationStatus.Failed, view.Status);
        Assert.StartsWith(reason, view.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recluster_of_customers_who_are_all_alike_says_so()
    {
        var shop = new ShopFixture();
        var one = PlantedCustomer.Draw("x", PlantedCustomer.New, new Random(1));
        await shop.WriteAsync(Enumerable.Range(0, 40).Select(i => one with { Id = $"c{i}" }));

        Assert.Contains("look the same", (await shop.ReclusterAsync()).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recluster_into_more_segments_than_different_customers_allow_says_so()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes(each: 2));

        Assert.Contains("at least 24 are needed", (await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = 12 })).Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(8)]
    [InlineData(20)]
    public async Task Recluster_of_a_very_small_shop_makes_few_segments(int each)
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes(each: each));

        var view = await shop.ReclusterAsync();

        Assert.Equal(SegmentationStatus.Active, view.Status);
        Assert.InRange(view.Segments.Count, 2, Math.Max(2, (int)Math.Sqrt(each * 5 / 2.0)));
    }

    [Fact]
    public async Task Huge_accounts_do_not_become_segments_of_one()
    {
        var shop = new ShopFixture();
        var customers = ShopFixture.FiveTypes();
        var wholesaler = customers[0];
        var vector = wholesaler.Vector.ToArray();
        vector[Array.IndexOf(vector, (float)wholesaler.Monetary)] = 3e6f;
        customers[0] = wholesaler with { Vector = vector, Monetary = 3e6 };
        await shop.WriteAsync(customers);

        var view = await shop.ReclusterAsync();

        Assert.All(view.Segments, segment => Assert.True(segment.Size >= 3));
        Assert.True(Agreement(customers, await shop.SegmentsAsync()) > 0.95);
    }

    [Theory]
    [InlineData(1, 4, 8)]
    [InlineData(33, 4, 8)]
    [InlineData(null, 9, 8)]
    public async Task Start_with_a_number_of_segments_out_of_range_is_refused(int? count, int min, int max)
    {
        var shop = new ShopFixture();
        var request = new SegmentationRequest { SegmentCount = count, MinSegments = min, MaxSegments = max };

        await Assert.ThrowsAsync<ArgumentException>(() => shop.Coordinator.StartAsync(request));
    }

    private static double Agreement(IReadOnlyList<PlantedCustomer> customers, IReadOnlyDictionary<string, string?> segments)
    {
        var types = customers.Select(customer => customer.Type).Distinct().ToList();
        var keys = segments.Values.Distinct().ToList();
        return AdjustedRandIndex.Score(
            [.. customers.Select(customer => types.IndexOf(customer.Type))],
            [.. customers.Select(customer => keys.IndexOf(segments[customer.Id]))]);
    }
}
