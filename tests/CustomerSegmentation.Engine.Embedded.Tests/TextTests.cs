using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Encoders.TestKit;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class TextTests
{
    private readonly ScriptedTextEncoder _texts = new("1");

    [Fact]
    public async Task Mean_of_what_a_customer_wrote_is_shown_and_kept_in_the_profile_row()
    {
        await using var shop = await Shop.OpenAsync(texts: _texts);
        await shop.TrackAsync("anna", shop.Review("m1", "a lovely mug"), shop.View("m2"));
        await shop.TrackAsync("anna", shop.Review("m3", "it broke"));

        var text = (await ViewAsync(shop, "anna")).Text!;

        Assert.Equal(("words 1", 2L), (text.Model, text.Texts));
        Assert.Equal(Mean("a lovely mug", "it broke"), text.Mean);
        await shop.Engine.FlushAsync();
        var row = await RowAsync(shop, "anna");
        Assert.Equal("words 1", row.TextModel);
        Assert.Equal(text.Mean, row.Text.ToArray());
        Assert.Equal(["a lovely mug", "it broke"], _texts.Texts);
    }

    [Fact]
    public async Task Replay_after_a_crash_gives_the_same_state_without_a_model()
    {
        await using var shop = await Shop.OpenAsync(texts: _texts);
        await shop.TrackAsync("anna", shop.Review("m1", "a lovely mug"), shop.Review("m2", "it broke"));
        var before = (await ViewAsync(shop, "anna")).Text!;

        _texts.Model = null;
        await shop.CrashAsync();

        var after = (await ViewAsync(shop, "anna")).Text!;
        Assert.Equal((before.Model, before.Texts), (after.Model, after.Texts));
        Assert.Equal(before.Mean, after.Mean);
        Assert.Equal(2, _texts.Texts.Count);
    }

    [Fact]
    public async Task Event_is_taken_without_where_the_encoder_is_away_or_leaves_a_text_out()
    {
        _texts.Script = text => text != "unlucky";
        await using var shop = await Shop.OpenAsync(texts: _texts);
        var receipt = await shop.TrackAsync("anna", shop.Review("m1", "unlucky"), shop.Review("m2", "lucky"));
        Assert.Equal(2, receipt.Accepted);
        Assert.Equal(1, (await ViewAsync(shop, "anna")).Text!.Texts);

        _texts.Model = null;
        await shop.TrackAsync("ben", shop.Review("m1", "nobody reads this"));
        var ben = await ViewAsync(shop, "ben");
        Assert.Null(ben.Text);
        Assert.Equal(1, ben.Features["reviews"]);
    }

    [Fact]
    public async Task Caller_who_gives_up_while_texts_are_read_is_let_go_and_nothing_is_queued()
    {
        using var cancellation = new CancellationTokenSource();
        _texts.Delay = async token =>
        {
            await cancellation.CancelAsync();
            Assert.True(token.IsCancellationRequested);
        };
        await using var shop = await Shop.OpenAsync(texts: _texts);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => shop.Engine.TrackAsync(
            [new TrackRequest { CustomerId = "anna", Events = [shop.Review("m1", "a mug")] }], cancellation.Token));

        Assert.Null(await shop.Engine.Customer("anna").GetAsync());
    }

    [Fact]
    public async Task Another_model_begins_a_mean_of_its_own()
    {
        await using var shop = await Shop.OpenAsync(texts: _texts);
        await shop.TrackAsync("anna", shop.Review("m1", "a lovely mug"));

        _texts.Model = ScriptedTextEncoder.ModelOf("2");
        await shop.PassAsync(TimeSpan.FromSeconds(1));
        await shop.TrackAsync("anna", shop.Review("m2", "it broke"));

        var text = (await ViewAsync(shop, "anna")).Text!;
        Assert.Equal(("words 2", 1L), (text.Model, text.Texts));
    }

    [Fact]
    public async Task History_that_joins_brings_its_texts_and_is_not_read_again()
    {
        await using var shop = await Shop.OpenAsync(texts: _texts);
        await shop.TrackAsync("visitor", shop.Review("m1", "a lovely mug"), shop.Review("m2", "it broke"));
        await shop.TrackAsync("anna", shop.Review("m3", "would buy again"), shop.Identify("m4", "visitor"));

        var text = (await ViewAsync(shop, "anna")).Text!;

        Assert.Equal(3, text.Texts);
        Assert.Equal(Mean("a lovely mug", "it broke", "would buy again"), text.Mean);
        Assert.Equal(3, _texts.Texts.Count);
    }

    [Fact]
    public async Task Erasure_leaves_nothing_of_what_was_written()
    {
        await using var shop = await Shop.OpenAsync(texts: _texts);
        await shop.TrackAsync("anna", shop.Review("m1", "a lovely mug"));
        await shop.Engine.FlushAsync();
        await shop.Engine.Customer("anna").EraseAsync();

        Assert.Null(await shop.Engine.Customer("anna").GetAsync());
        await foreach (var batch in shop.Storage.Profiles.ScanAsync(10))
        {
            Assert.Empty(batch);
        }

        await foreach (var record in shop.Storage.Journal.ReadAsync("anna", 0))
        {
            Assert.All(EventCodec.Decode(record.Payload.Span), e => Assert.Null(e.TextEmbedding));
        }
    }

    [Fact]
    public async Task Segments_on_texts_tell_apart_who_writes_differently_and_name_no_coordinate()
    {
        await using var shop = await OpenPlantedAsync(share: 0.1);

        var version = await ReclusterAsync(shop);

        Assert.Equal((SegmentationStatus.Active, "words 1", null), (version.Status, version.TextModel, version.Note));
        Assert.NotEqual((await ViewAsync(shop, "happy-1")).Segment!.Key, (await ViewAsync(shop, "angry-1")).Segment!.Key);
        await shop.TrackAsync("newcomer", shop.Review("m1", "terrible broken slow"));
        Assert.Equal((await ViewAsync(shop, "angry-1")).Segment!.Key, (await ViewAsync(shop, "newcomer")).Segment!.Key);
        var explained = (await shop.Engine.Customer("angry-1").ExplainAsync())!;
        Assert.Contains(explained.Contributions, c => c.Feature == "text");
        Assert.All(explained.Contributions, c => Assert.True(c.Feature == "text" || !c.Feature.StartsWith("text", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Too_few_who_wrote_leave_texts_out_and_the_version_says_so()
    {
        await using var shop = await OpenPlantedAsync(share: 1, apart: TimeSpan.FromMinutes(7));
        await shop.TrackAsync("silent", shop.View("m1"));

        var version = await ReclusterAsync(shop);

        Assert.Null(version.TextModel);
        Assert.Equal("Without texts: 40 of 41 customers wrote something that words 1 read.", version.Note);
    }

    [Fact]
    public async Task Texts_without_embeddings_of_events_are_clustered_by_all_the_same()
    {
        var encoder = new ScriptedEncoder(ScriptedEncoder.ModelOf("1")) { Script = _ => EncoderOutcome.Unavailable };
        await using var shop = await OpenPlantedAsync(share: 0.1, SegmentationSpaceKind.Both, encoder);

        var version = await ReclusterAsync(shop);

        Assert.Equal((null, "words 1"), (version.EmbeddingModel, version.TextModel));
        Assert.Equal("Features alone: 0 of 40 customers have an embedding of scripted 1.", version.Note);
        Assert.NotEqual((await ViewAsync(shop, "happy-1")).Segment!.Key, (await ViewAsync(shop, "angry-1")).Segment!.Key);
    }

    private async Task<Shop> OpenPlantedAsync(double share, SegmentationSpaceKind space = SegmentationSpaceKind.Features, IEncoder? encoder = null, TimeSpan apart = default)
    {
        var segmentation = new SegmentationOptions { Space = space, Text = true, TextShareMin = share, DegreeOfParallelism = 1 };
        var shop = await Shop.OpenAsync(new EngineOptions { Segmentation = segmentation }, encoder: encoder, texts: _texts);
        string[] words = ["so", "very", "really", "quite"];
        for (var i = 0; i < 20; i++)
        {
            await shop.TrackAsync($"happy-{i}", shop.Review("m1", $"lovely fine great lovely fine great {words[i % 4]}", apart * i));
            await shop.TrackAsync($"angry-{i}", shop.Review("m1", $"terrible broken slow terrible broken slow {words[i % 4]}", apart * i));
        }

        return shop;
    }

    private static async Task<SegmentationView> ReclusterAsync(Shop shop)
    {
        await shop.Engine.FlushAsync();
        var started = await shop.Engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 2 });
        return (await shop.Engine.Coordinator.GetAsync(started.Version))!;
    }

    private static async Task<CustomerView> ViewAsync(Shop shop, string id) => (await shop.Engine.Customer(id).GetAsync())!;

    private static async Task<ProfileRow> RowAsync(Shop shop, string id)
    {
        await foreach (var batch in shop.Storage.Profiles.ScanAsync(100))
        {
            if (batch.FirstOrDefault(row => row.CustomerId == id) is { } row)
            {
                return row;
            }
        }

        throw new InvalidOperationException($"No row of {id}.");
    }

    private static float[] Mean(params string[] texts)
    {
        var sums = new double[ScriptedTextEncoder.Size];
        foreach (var text in texts)
        {
            var numbers = ScriptedTextEncoder.Compute(ScriptedTextEncoder.ModelOf("1"), text).Numbers.Span;
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += (double)System.Buffers.Binary.BinaryPrimitives.ReadHalfLittleEndian(numbers[(2 * i)..]);
            }
        }

        return [.. sums.Select(sum => (float)(sum / texts.Length))];
    }
}
