using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Actors.Tests.Segmentations;

public sealed class SegmentActorTests
{
    [Fact]
    public async Task Segment_starts_from_the_totals_and_adds_later_changes_only()
    {
        var (shop, actor) = await ActorAsync("champions");
        var revision = (await shop.Storage.Profiles.GetTotalsAsync()).Revision;
        var before = (await actor.GetAsync())!;

        await actor.ApplyAsync(new SegmentDelta { Key = "champions", Revision = revision, Customers = 100, Monetary = 1 });
        await actor.ApplyAsync(new SegmentDelta { Key = "champions", Revision = revision + 1, Customers = 3, Monetary = 60 });
        await actor.ApplyAsync(new SegmentDelta { Key = "champions", Revision = revision + 1, Customers = 3, Monetary = 60 });
        var after = (await actor.GetAsync())!;

        Assert.Equal(60, before.Size);
        Assert.Equal((before.Size + 3, before.Monetary + 60), (after.Size, after.Monetary));
        Assert.Equal(63.0 / 303, after.Share, 6);
    }

    [Fact]
    public async Task Segment_agrees_with_the_board()
    {
        var (shop, actor) = await ActorAsync("champions");

        var board = await new SegmentBoard(shop.Storage.Profiles, shop.Active).GetAsync();
        var segment = (await actor.GetAsync())!;
        var onBoard = board.Segments.Single(other => other.Key == "champions");

        Assert.Equal((onBoard.Size, onBoard.Share, onBoard.Monetary, onBoard.MonetaryShare), (segment.Size, segment.Share, segment.Monetary, segment.MonetaryShare));
        Assert.Equal(1, board.Segments.Sum(other => other.Share), 9);
        Assert.Equal(1, board.Segments.Sum(other => other.MonetaryShare), 9);
        Assert.Equal((1, 300L, 0L), (board.Version, board.Customers, board.Unassigned));
        Assert.Equal(board.Segments.Select(other => other.MonetaryShare).OrderDescending(), board.Segments.Select(other => other.MonetaryShare));
    }

    [Fact]
    public async Task Segment_that_the_version_in_force_lacks_is_null()
    {
        var (_, actor) = await ActorAsync("no-such-segment");

        Assert.Null(await actor.GetAsync());
    }

    [Fact]
    public async Task Board_without_a_segmentation_counts_customers_as_unassigned()
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes(each: 2));

        var board = await new SegmentBoard(shop.Storage.Profiles, shop.Active).GetAsync();

        Assert.Equal((0, 10L, 10L), (board.Version, board.Customers, board.Unassigned));
        Assert.Empty(board.Segments);
    }

    private static async Task<(ShopFixture Shop, SegmentActor Actor)> ActorAsync(string key)
    {
        var shop = new ShopFixture();
        await shop.WriteAsync(ShopFixture.FiveTypes());
        await shop.ReclusterAsync();
        return (shop, new SegmentActor(key, shop.Storage.Profiles, shop.Active, shop.Clock));
    }
}
