using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

public sealed class SegmentTests
{
    private const int Customers = 120;

    [PostgresFact]
    public async Task Reclustering_asked_for_outside_places_everybody_on_every_silo_and_counts_them()
    {
        await using var cluster = await TestCluster.StartAsync("segments");
        var outside = await cluster.ConnectAsync();
        await SendAsync(outside);

        var view = await ReclusterAsync(outside);

        Assert.Equal(SegmentationStatus.Active, view.Status);
        Assert.Equal(Customers, view.Customers);
        foreach (var engine in cluster.Silos.Select(s => s.Engine).Append(outside))
        {
            for (var i = 0; i < Customers; i += 7)
            {
                Assert.NotNull((await engine.Customer($"c{i}").GetAsync())!.Segment);
            }
            var board = await engine.GetSegmentsAsync();
            Assert.Equal(Customers, board.Segments.Sum(s => s.Size));
            foreach (var segment in board.Segments)
            {
                Assert.Equal(segment.Size, (await engine.Segment(segment.Key).GetAsync())!.Size);
            }
        }
        var page = await outside.ListCustomersAsync(null, null, 50);
        Assert.Equal((50, true), (page.Items.Count, page.Next is not null));
    }

    [PostgresFact]
    public async Task Audience_put_outside_is_entered_by_customers_of_every_silo()
    {
        await using var cluster = await TestCluster.StartAsync("audiences");
        var outside = await cluster.ConnectAsync();
        await SendAsync(outside);

        await outside.Audiences.PutAsync("rich", "Rich", """{"feature":"monetary","op":">=","value":100}""");

        await UntilAsync(async () => (await outside.Audiences.ListAsync())[0].Size == Customers / 2);
        Assert.Equal(["rich"], (await outside.Customer("c1").GetAsync())!.Audiences);
        Assert.Empty((await outside.Customer("c0").GetAsync())!.Audiences);
        await Assert.ThrowsAsync<FormatException>(() => outside.Audiences.PutAsync("rich", "Rich", "{"));
    }

    [PostgresFact]
    public async Task What_happens_on_any_silo_is_heard_outside()
    {
        await using var cluster = await TestCluster.StartAsync("live");
        var outside = await cluster.ConnectAsync();
        await outside.Audiences.PutAsync("buyers", "Buyers", """{"feature":"frequency","op":">=","value":1}""");
        using var stop = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        var heard = new HashSet<string>();
        var rates = 0;
        var i = 0;

        await foreach (var item in outside.SubscribeAsync(stop.Token))
        {
            rates += item.Rates is { Customers: > 0 } ? 1 : 0;
            if (item.Audience is { Entered: true } change)
            {
                heard.Add(change.CustomerId);
            }
            if (heard.Count >= 20 && rates > 0)
            {
                break;
            }
            // The first item is a pulse: the reader is there.
            if (i < 20)
            {
                await outside.TrackAsync([.. Enumerable.Range(0, 20).Select(n => Events.Of($"c{n}", Events.Order("m", 1)))]);
                i = 20;
            }
        }

        Assert.Equal(20, heard.Count);
    }

    private static async Task SendAsync(ISegmentationEngine engine) => await engine.TrackAsync(
        [.. Enumerable.Range(0, Customers).Select(i => Events.Of($"c{i}", [.. Enumerable.Range(0, 1 + (i % 4)).Select(n => Events.Order($"m{n}", i % 2 == 0 ? 10 : 400 + i))]))]);

    private static async Task<SegmentationView> ReclusterAsync(ISegmentationEngine engine)
    {
        var started = await engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 2 });
        SegmentationView view = started;
        await UntilAsync(async () => (view = (await engine.Coordinator.GetAsync(started.Version))!).Status
            is SegmentationStatus.Active or SegmentationStatus.Failed or SegmentationStatus.Cancelled);
        Assert.Null(view.Error);
        return view;
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromMinutes(1), "it did not come about within a minute");
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }
}
