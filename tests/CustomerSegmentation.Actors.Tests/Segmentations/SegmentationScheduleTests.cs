using CustomerSegmentation.Actors.Segmentations;

namespace CustomerSegmentation.Actors.Tests.Segmentations;

public sealed class SegmentationScheduleTests
{
    [Fact]
    public async Task First_segmentation_starts_when_enough_customers_are_known()
    {
        var shop = new ShopFixture();
        var schedule = new SegmentationSchedule(shop.Coordinator, shop.Ports, shop.Options);
        await shop.WriteAsync(ShopFixture.FiveTypes(each: 9));
        Assert.Null(await schedule.LookAsync());

        await shop.WriteAsync(ShopFixture.FiveTypes(each: 10));
        var started = await schedule.LookAsync();

        Assert.Equal("schedule", started!.RequestedBy);
        Assert.Null(await schedule.LookAsync());
    }

    [Fact]
    public async Task Next_segmentation_starts_an_interval_after_the_latest()
    {
        var shop = new ShopFixture();
        var schedule = new SegmentationSchedule(shop.Coordinator, shop.Ports, shop.Options);
        await shop.WriteAsync(ShopFixture.FiveTypes(each: 10));
        await shop.ReclusterAsync();

        shop.Clock.Advance(TimeSpan.FromHours(23));
        Assert.Null(await schedule.LookAsync());
        shop.Clock.Advance(TimeSpan.FromHours(1));

        Assert.Equal(2, (await schedule.LookAsync())!.Version);
    }

    [Fact]
    public async Task Segmentations_are_not_repeated_without_an_interval()
    {
        var shop = new ShopFixture();
        shop.Options.IntervalHours = 0;
        var schedule = new SegmentationSchedule(shop.Coordinator, shop.Ports, shop.Options);
        await shop.WriteAsync(ShopFixture.FiveTypes(each: 10));
        await shop.ReclusterAsync();

        shop.Clock.Advance(TimeSpan.FromDays(900));

        Assert.Null(await schedule.LookAsync());
    }

    [Fact]
    public async Task Running_schedule_looks_by_the_clock_until_it_is_cancelled()
    {
        var shop = new ShopFixture();
        var schedule = new SegmentationSchedule(shop.Coordinator, shop.Ports, shop.Options);
        await shop.WriteAsync(ShopFixture.FiveTypes(each: 10));
        using var cancel = new CancellationTokenSource();

        var running = schedule.RunAsync(cancel.Token);
        Assert.Null(await shop.Coordinator.GetAsync(1));
        shop.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.NotNull(await shop.Coordinator.GetAsync(1));
        await cancel.CancelAsync();

        await running;
    }
}
