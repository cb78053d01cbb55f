using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Actors.Tests.Segmentations;

public sealed class SegmentIdentityTests
{
    [Fact]
    public async Task Keys_stay_when_the_shop_drifts()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes(seed: 1));
        var first = await shop.ReclusterAsync();
        var before = await shop.SegmentsAsync();
        shop.Clock.Advance(TimeSpan.FromDays(7));
        await shop.WriteAsync(ShopFixture.FiveTypes(seed: 2));

        var second = await shop.ReclusterAsync(new SegmentationRequest { Seed = 5 });
        var after = await shop.SegmentsAsync();

        Assert.Equal(first.Segments.Select(segment => segment.Key).Order(), second.Segments.Select(segment => segment.Key).Order());
        Assert.All(second.Lineage, lineage => Assert.Equal("kept", lineage.Change));
        Assert.All(second.Lineage, lineage => Assert.True(lineage.Retained > 0.9));
        Assert.All(second.Segments, segment => Assert.Equal(1, segment.BornInVersion));
        Assert.Equal(1, second.Previous);
        Assert.True(before.Count(segment => after[segment.Key] == segment.Value) > 0.95 * before.Count);
        Assert.True(second.Moves.Sum(move => move.Customers) < 15);
    }

    [Fact]
    public async Task Segment_of_customers_who_came_since_is_born()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes().Where(customer => customer.Type != PlantedCustomer.Browser));
        await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = 4 });
        await shop.WriteAsync(ShopFixture.FiveTypes().Where(customer => customer.Type == PlantedCustomer.Browser));

        var view = await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = 5 });

        var born = Assert.Single(view.Lineage, lineage => lineage.Change == "born");
        Assert.Equal(4, view.Lineage.Count(lineage => lineage.Change == "kept"));
        Assert.Equal(2, view.Segments.Single(segment => segment.Key == born.Key).BornInVersion);
    }

    [Fact]
    public async Task Segment_that_falls_apart_is_split_and_what_comes_together_is_merged()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        var coarse = await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = 3 });

        var fine = await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = 5 });
        var coarseAgain = await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = 3 });

        var split = fine.Lineage.Where(lineage => lineage.Change == "split").ToArray();
        Assert.Equal(2, split.Length);
        Assert.All(split, lineage => Assert.Contains(Assert.Single(lineage.Related), coarse.Segments.Select(segment => segment.Key)));
        var merged = coarseAgain.Lineage.Where(lineage => lineage.Change == "merged").ToArray();
        Assert.NotEmpty(merged);
        Assert.Equal(5, coarseAgain.Lineage.Sum(lineage => Math.Max(1, lineage.Related.Count)) - 2);
        Assert.Equal(2, coarseAgain.Lineage.Count(lineage => lineage.Change == "ended"));
        Assert.All(coarseAgain.Segments, segment => Assert.Contains(segment.Key, fine.Segments.Select(earlier => earlier.Key)));
    }

    [Fact]
    public async Task Key_of_an_ended_segment_is_never_given_to_another()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        var keys = new List<(string Key, int Born)>();
        foreach (var count in new[] { 5, 2, 6, 3, 8, 2, 7 })
        {
            var view = await shop.ReclusterAsync(new SegmentationRequest { SegmentCount = count });
            keys.AddRange(view.Segments.Select(segment => (segment.Key, segment.BornInVersion)));
        }

        Assert.All(keys.GroupBy(segment => segment.Key), group => Assert.Single(group.Select(segment => segment.Born).Distinct()));
    }
}
