using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Encoders.TestKit;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class EmbeddingSegmentTests
{
    private readonly ScriptedEncoder _encoder = new(ScriptedEncoder.ModelOf("1"));

    [Theory]
    [InlineData(SegmentationSpaceKind.Embedding)]
    [InlineData(SegmentationSpaceKind.Both)]
    public async Task Segments_on_embeddings_tell_sequences_apart_and_name_no_coordinate(SegmentationSpaceKind space)
    {
        await using var shop = await OpenPlantedAsync(space);

        var version = await ReclusterAsync(shop);

        Assert.Equal((SegmentationStatus.Active, "scripted 1", null), (version.Status, version.EmbeddingModel, version.Note));
        Assert.NotEqual(await SegmentAsync(shop, "buyer-1"), await SegmentAsync(shop, "viewer-1"));
        var explained = (await shop.Engine.Customer("buyer-1").ExplainAsync())!;
        Assert.All(explained.Contributions, c => Assert.True(c.Feature == "embedding" || FeatureSchema.Current.IndexOf(c.Feature) >= 0, c.Feature));
        Assert.Contains(explained.Contributions, c => c.Feature == "embedding");
        Assert.DoesNotContain("embedding", explained.Text, StringComparison.Ordinal);
        Assert.All(version.Segments, s => Assert.DoesNotContain(s.Distinguishing, f => f.Feature.StartsWith("embedding", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Customer_is_placed_anew_once_its_events_are_read()
    {
        await using var shop = await OpenPlantedAsync(SegmentationSpaceKind.Embedding);
        await ReclusterAsync(shop);
        await TrackBuyerAsync(shop, "newcomer-1");
        await TrackViewerAsync(shop, "newcomer-2");
        Assert.Equal(await SegmentAsync(shop, "newcomer-1"), await SegmentAsync(shop, "newcomer-2"));

        await RestAsync(shop);

        Assert.Equal(await SegmentAsync(shop, "buyer-1"), await SegmentAsync(shop, "newcomer-1"));
        Assert.Equal(await SegmentAsync(shop, "viewer-1"), await SegmentAsync(shop, "newcomer-2"));
        var transitions = (await shop.Engine.Customer("newcomer-1").GetHistoryAsync())!.Transitions
            .Concat((await shop.Engine.Customer("newcomer-2").GetHistoryAsync())!.Transitions);
        Assert.Single(transitions, t => t.Cause == "encoder");
    }

    [Fact]
    public async Task Too_few_embeddings_leave_features_alone_and_the_version_says_so()
    {
        _encoder.Script = _ => EncoderOutcome.Unavailable;
        await using var shop = await OpenPlantedAsync(SegmentationSpaceKind.Both);

        var version = await ReclusterAsync(shop);

        Assert.Equal(SegmentationStatus.Active, version.Status);
        Assert.Null(version.EmbeddingModel);
        Assert.Equal("Features alone: 0 of 40 customers have an embedding of scripted 1.", version.Note);
    }

    [Fact]
    public async Task No_model_leaves_features_alone_and_the_version_says_so()
    {
        _encoder.Model = null;
        await using var shop = await OpenPlantedAsync(SegmentationSpaceKind.Both);

        var version = await ReclusterAsync(shop);

        Assert.Null(version.EmbeddingModel);
        Assert.Equal("Features alone: there is no sequence model.", version.Note);
    }

    [Fact]
    public async Task Another_model_leaves_customers_placed_by_features_until_the_next_version_takes_it_up()
    {
        await using var shop = await OpenPlantedAsync(SegmentationSpaceKind.Both);
        var first = await ReclusterAsync(shop);

        _encoder.Model = ScriptedEncoder.ModelOf("2");
        await RestAsync(shop);
        await TrackBuyerAsync(shop, "newcomer");
        await RestAsync(shop);
        Assert.NotNull(await SegmentAsync(shop, "newcomer"));
        Assert.NotNull(await SegmentAsync(shop, "buyer-1"));

        var second = await ReclusterAsync(shop);
        Assert.Equal("scripted 2", second.EmbeddingModel);
        Assert.Equal(first.Segments.Select(s => s.Key).Order(), second.Segments.Select(s => s.Key).Order());
    }

    private async Task<Shop> OpenPlantedAsync(SegmentationSpaceKind space)
    {
        var options = new EngineOptions { Segmentation = new SegmentationOptions { Space = space, DegreeOfParallelism = 1 } };
        var shop = await Shop.OpenAsync(options, encoder: _encoder);
        for (var i = 0; i < 20; i++)
        {
            await TrackBuyerAsync(shop, $"buyer-{i}", i);
            await TrackViewerAsync(shop, $"viewer-{i}", i);
        }
        await RestAsync(shop);
        return shop;
    }

    private static Task TrackBuyerAsync(Shop shop, string id, int variant = 0) => shop.TrackAsync(
        id, shop.Order("m1", 300 + variant, TimeSpan.FromHours(9)), shop.Order("m2", 400 + (3 * variant), TimeSpan.FromHours(5)), shop.Order("m3", 350));

    private static Task TrackViewerAsync(Shop shop, string id, int variant = 0) => shop.TrackAsync(
        id, shop.View("m1", "c" + variant, TimeSpan.FromMinutes(40 + variant)), shop.View("m2", "c" + (variant % 3), TimeSpan.FromMinutes(20)), shop.View("m3"));

    private static async Task<SegmentationView> ReclusterAsync(Shop shop)
    {
        await shop.Engine.FlushAsync();
        var started = await shop.Engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 2 });
        return (await shop.Engine.Coordinator.GetAsync(started.Version))!;
    }

    private static async Task<string?> SegmentAsync(Shop shop, string id) => (await shop.Engine.Customer(id).GetAsync())!.Segment?.Key;

    private static async Task RestAsync(Shop shop)
    {
        for (var i = 0; i < 200; i++)
        {
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        }
    }
}
