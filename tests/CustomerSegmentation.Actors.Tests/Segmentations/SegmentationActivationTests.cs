using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Actors.Tests.Segmentations;

public sealed class SegmentationActivationTests
{
    [Fact]
    public async Task Activation_of_an_older_version_rolls_everybody_back()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        await shop.ReclusterAsync();
        var before = await shop.SegmentsAsync();
        await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = 2 });
        Assert.NotEqual(before, await shop.SegmentsAsync());

        await shop.Coordinator.ActivateAsync(1);
        shop.Run();

        Assert.Equal(before, await shop.SegmentsAsync());
        Assert.Equal(SegmentationStatus.Active, (await shop.Coordinator.GetAsync(1))!.Status);
        Assert.Equal(SegmentationStatus.Ready, (await shop.Coordinator.GetAsync(2))!.Status);
        Assert.Equal((1, 3L), (shop.Active.Current!.Segmentation.Version, shop.Active.Current.Activation));
        Assert.All((await shop.RowsAsync()).Values, row => Assert.Equal((1, 3L), (row.Assignment!.Version, row.Assignment.Activation)));
    }

    [Fact]
    public async Task Activation_of_an_unknown_version_is_null()
    {
        var shop = new ShopFixture();

        Assert.Null(await shop.Coordinator.ActivateAsync(7));
        Assert.Null(await shop.Coordinator.GetAsync(7));
        Assert.Null(await shop.Coordinator.CancelAsync(7));
    }

    [Fact]
    public async Task Reassignment_leaves_time_in_segment_alone_where_the_segment_stays()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        await shop.ReclusterAsync();
        var entered = shop.NowMs;
        shop.Clock.Advance(TimeSpan.FromHours(1));

        await shop.ReclusterAsync();

        Assert.All((await shop.RowsAsync()).Values, row => Assert.Equal(entered, row.Assignment!.SinceMs));
    }

    [Fact]
    public async Task Reassignment_notes_when_time_alone_moves_a_customer()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        await shop.ReclusterAsync();
        var segmentation = shop.Active.Current!.Segmentation;

        var rows = (await shop.RowsAsync()).Values;

        Assert.Contains(rows, row => row.DueMs < long.MaxValue);
        Assert.All(rows, row => Assert.Equal(
            segmentation.NextCheckMs(row.Vector.Span, row.AsOfMs, segmentation.Assign(row.Vector.Span, row.Assignment!.Segment)), row.DueMs));
    }

    [Fact]
    public async Task Reassignment_tells_what_it_changed()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        var view = await shop.ReclusterAsync();

        var deltas = shop.Changes.SelectMany(change => change.Deltas).Where(delta => delta.Key.Length > 0)
            .GroupBy(delta => delta.Key).ToDictionary(group => group.Key, group => group.Sum(delta => delta.Customers));

        Assert.Equal(view.Segments.ToDictionary(segment => segment.Key, segment => segment.Size), deltas);
    }

    [Fact]
    public async Task Interrupted_reassignment_is_finished_after_a_restart()
    {
        var storage = new Storage.InMemory.InMemoryStorage();
        var before = new ShopFixture(storage);
        var faulty = new FaultyProfileIndex(storage.Profiles);
        before.Profiles = faulty;
        await before.WriteAsync(ShopFixture.FiveTypes());
        var batches = 0;
        faulty.BeforeReassign = () =>
        {
            if (++batches > 2)
            {
                throw new IOException("the process dies here");
            }
        };
        await before.ReclusterAsync();
        Assert.Contains((await before.SegmentsAsync()).Values, segment => segment is null);

        var after = new ShopFixture(storage);
        await after.Coordinator.RecoverAsync();
        var resumed = await after.Coordinator.GetCurrentAsync();
        after.Run();

        Assert.Equal((SegmentationStatus.Activating, "assigning"), (resumed!.Status, resumed.Step));
        Assert.All((await after.SegmentsAsync()).Values, Assert.NotNull);
        Assert.Equal(SegmentationStatus.Active, (await after.Coordinator.GetCurrentAsync())!.Status);
    }

    [Fact]
    public async Task Interrupted_fit_counts_as_failed_after_a_restart()
    {
        var storage = new Storage.InMemory.InMemoryStorage();
        var before = new ShopFixture(storage);
        await before.WriteAsync(ShopFixture.FiveTypes());
        await before.Coordinator.StartAsync(new SegmentationRequest());
        before.Kill();

        var after = new ShopFixture(storage);
        await after.Coordinator.RecoverAsync();
        var view = (await after.Coordinator.GetAsync(1))!;

        Assert.Equal(SegmentationStatus.Failed, view.Status);
        Assert.StartsWith("Interrupted", view.Error, StringComparison.Ordinal);
        Assert.Null(after.Active.Current);
    }

    [Fact]
    public async Task Interrupted_fit_is_begun_anew_where_processes_share_the_work_and_given_up_after_the_third_time()
    {
        var storage = new Storage.InMemory.InMemoryStorage();
        var first = new ShopFixture(storage);
        await first.WriteAsync(ShopFixture.FiveTypes());
        await first.Coordinator.StartAsync(new SegmentationRequest { Seed = 9, SegmentCount = 5 });
        first.Kill();
        var second = new ShopFixture(storage);
        await second.Coordinator.RecoverAsync(resume: true);
        second.Kill();
        var third = new ShopFixture(storage);
        await third.Coordinator.RecoverAsync(resume: true);

        // What happens to the third: it ends well, or is lost too.
        var lost = new ShopFixture(storage);
        await lost.Coordinator.RecoverAsync(resume: true);
        var givenUp = (await lost.Coordinator.GetAsync(1))!;
        Assert.Equal((SegmentationStatus.Failed, true), (givenUp.Status, givenUp.Error!.StartsWith("Interrupted", StringComparison.Ordinal)));

        third.Run();
        var view = (await third.Coordinator.GetAsync(1))!;
        Assert.Equal((SegmentationStatus.Active, 5), (view.Status, view.Segments.Count));
    }

    [Fact]
    public async Task Recovery_puts_the_active_version_in_force_and_reassigns_nobody()
    {
        var storage = new Storage.InMemory.InMemoryStorage();
        var before = new ShopFixture(storage);
        await before.WriteAsync(ShopFixture.FiveTypes());
        await before.ReclusterAsync();

        var after = new ShopFixture(storage);
        await after.Coordinator.RecoverAsync();
        after.Run();

        Assert.Equal(before.Active.Current!.Activation, after.Active.Current!.Activation);
        Assert.Equal(before.Active.Current.Segmentation.Segments.Select(s => s.Key), after.Active.Current.Segmentation.Segments.Select(s => s.Key));
        Assert.Empty(after.Changes);
    }

    [Fact]
    public async Task Stop_ends_work_and_refuses_more()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        await shop.Coordinator.StartAsync(new SegmentationRequest());

        var stop = shop.Coordinator.StopAsync();
        shop.Run();
        await stop;

        Assert.Null(shop.Active.Current);
        Assert.Equal(SegmentationStatus.Running, (await shop.Coordinator.GetAsync(1))!.Status);
        await Assert.ThrowsAsync<InvalidOperationException>(() => shop.Coordinator.StartAsync(new SegmentationRequest()));
    }

    [Fact]
    public async Task List_pages_newest_first()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes(each: 4));
        for (var i = 0; i < 3; i++)
        {
            await shop.ReclusterAsync();
        }

        var first = await shop.Coordinator.ListAsync(null, 2);
        var second = await shop.Coordinator.ListAsync(first.Next, 2);

        Assert.Equal([3, 2], first.Items.Select(view => view.Version));
        Assert.Equal([1], second.Items.Select(view => view.Version));
        Assert.Null(second.Next);
        await Assert.ThrowsAsync<FormatException>(() => shop.Coordinator.ListAsync("-x", 2));
    }

    [Fact]
    public async Task Cell_ignores_an_older_activation()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes(each: 4));
        await shop.ReclusterAsync();
        var current = shop.Active.Current!;

        shop.Active.Activate(new ActivatedSegmentation(current.Segmentation, current.Activation - 1));

        Assert.Same(current, shop.Active.Current);
    }
}
