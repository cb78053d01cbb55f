using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Encoders.TestKit;
using CustomerSegmentation.Storage.InMemory;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class EncodingTests
{
    // A reading in several parts rounds the state to half precision between them.
    private const float RoundingMax = 4e-3f;

    private readonly ScriptedEncoder _encoder = new(ScriptedEncoder.ModelOf("1"));

    [Fact]
    public async Task Events_are_read_and_the_embedding_reaches_the_profile()
    {
        await using var shop = await OpenAsync(encoder: _encoder);

        await shop.TrackAsync("ada", shop.View("m1"), shop.Order("m2", 40));
        await RestAsync(shop);
        await shop.TrackAsync("ada", shop.View("m3"));
        await RestAsync(shop);

        await AssertReadAsync(shop, "ada");
        Assert.Equal((2, 0), (_encoder.Requests, _encoder.Rented));
        var health = shop.Engine.Health.Encoder!;
        Assert.Equal(("scripted 1", "reading", 2L, 0L, 0), (health.Model, health.State, health.Readings, health.Refused, health.Waiting));
    }

    [Fact]
    public async Task Health_tells_the_rate_of_readings_what_was_refused_and_why_there_is_a_pause()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _ = shop.Engine.Health;
        for (var i = 0; i < 30; i++)
        {
            await shop.TrackAsync($"c{i}", shop.View("m1"));
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        }
        Assert.InRange(shop.Engine.Health.Encoder!.ReadingsPerSecond, 8, 11);

        _encoder.Script = _ => EncoderOutcome.Refused;
        await shop.TrackAsync("ada", shop.View("m1"));
        await RestAsync(shop);
        Assert.Equal((1L, 0d), (shop.Engine.Health.Encoder!.Refused, shop.Engine.Health.Encoder.ReadingsPerSecond));

        _encoder.Script = _ => EncoderOutcome.Unavailable;
        await shop.TrackAsync("ada", shop.View("m2"));
        await RestAsync(shop);
        Assert.Equal(("paused", "the encoder is away", true), (shop.Engine.Health.Encoder!.State, shop.Engine.Health.Encoder.Reason, shop.Engine.Health.Ready));
    }

    [Fact]
    public async Task Events_are_taken_while_the_encoder_is_away_and_read_when_it_returns()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Script = _ => EncoderOutcome.Unavailable;

        Assert.Equal(TrackOutcome.Committed, (await shop.TrackAsync("ada", shop.View("m1"))).Outcome);
        await RestAsync(shop);
        Assert.Equal(TrackOutcome.Committed, (await shop.TrackAsync("ada", shop.View("m2"))).Outcome);
        await RestAsync(shop);
        Assert.NotNull(shop.Engine.Encoding.Paused);
        Assert.True(shop.Engine.Health.Ready);
        Assert.Empty((await RowAsync(shop, "ada")).EmbeddingModel);

        _encoder.Script = null;
        await RestAsync(shop);

        Assert.Null(shop.Engine.Encoding.Paused);
        await AssertReadAsync(shop, "ada");
    }

    [Fact]
    public async Task Encoder_that_is_away_is_asked_ever_more_rarely()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Script = _ => EncoderOutcome.Busy;
        await shop.TrackAsync("ada", shop.View("m1"));

        for (var i = 0; i < 1_000; i++)
        {
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        }

        // 50 ms doubles seven times to 5 s; then once in 5 s.
        Assert.InRange(_encoder.Requests, 15, 30);
    }

    [Fact]
    public async Task What_comes_while_a_reading_is_under_way_goes_with_the_next_one()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Holds = true;
        await shop.TrackAsync("ada", shop.View("m1"));
        await shop.Engine.RunRoundAsync();
        await shop.TrackAsync("ada", shop.View("m2"), shop.View("m3"));
        await RestAsync(shop);
        Assert.Equal(1, _encoder.Held);

        await _encoder.ReleaseAsync();
        await RestAsync(shop);

        Assert.Equal(2, _encoder.Requests);
        await AssertReadAsync(shop, "ada");
    }

    [Fact]
    public async Task Event_that_comes_late_while_a_reading_is_under_way_has_all_read_again()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Holds = true;
        await shop.TrackAsync("ada", shop.View("m1"));
        await shop.Engine.RunRoundAsync();
        await shop.TrackAsync("ada", shop.View("m2", ago: TimeSpan.FromHours(3)));

        var fromStart = new List<(int Events, bool FromStart)>();
        _encoder.Script = r =>
        {
            fromStart.Add((r.EventCount, r.IsFromStart));
            return EncoderOutcome.Encoded;
        };
        await _encoder.ReleaseAsync();
        await RestAsync(shop);

        Assert.Equal([(1, true), (2, true)], fromStart);
        await AssertReadAsync(shop, "ada");
    }

    [Fact]
    public async Task Answer_of_a_model_that_is_not_current_any_more_is_dropped()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Holds = true;
        await shop.TrackAsync("ada", shop.View("m1"));
        await shop.Engine.RunRoundAsync();

        _encoder.Model = ScriptedEncoder.ModelOf("2");
        await _encoder.ReleaseAsync();
        await RestAsync(shop);

        await AssertReadAsync(shop, "ada");
        Assert.Equal(0, _encoder.Rented);
    }

    [Theory]
    [InlineData(EncoderOutcome.Refused, 1)]
    [InlineData(EncoderOutcome.Failed, 3)]
    public async Task Customer_whom_the_encoder_cannot_read_is_left_alone_until_something_new_comes(EncoderOutcome outcome, int tries)
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Script = _ => outcome;
        await shop.TrackAsync("ada", shop.View("m1"));
        await RestAsync(shop);
        Assert.Equal(tries, _encoder.Requests);

        _encoder.Script = null;
        await RestAsync(shop);
        Assert.Equal(tries, _encoder.Requests);
        await shop.TrackAsync("ada", shop.View("m2"));
        await RestAsync(shop);

        await AssertReadAsync(shop, "ada");
    }

    [Fact]
    public async Task What_came_while_a_reading_was_under_way_is_read_also_when_that_reading_is_refused()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Holds = true;
        await shop.TrackAsync("ada", shop.View("m1"));
        await shop.Engine.RunRoundAsync();
        await shop.TrackAsync("ada", shop.View("m2"));

        _encoder.Script = r => r.EventCount == 1 ? EncoderOutcome.Refused : EncoderOutcome.Encoded;
        await _encoder.ReleaseAsync();
        await RestAsync(shop);

        await AssertReadAsync(shop, "ada");
    }

    [Fact]
    public async Task Answer_with_a_number_that_is_none_is_not_kept()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.IsBroken = true;
        await shop.TrackAsync("ada", shop.View("m1"));
        await RestAsync(shop);

        Assert.Equal(1, _encoder.Requests);
        Assert.Null((await StateAsync(shop, "ada")).Encoder);
    }

    [Fact]
    public async Task Nothing_is_kept_of_events_that_are_not_committed()
    {
        await using var shop = await OpenAsync(storage: new InMemoryStorageOptions { ManualCommit = true }, encoder: _encoder);
        var first = shop.TrackAsync("ada", shop.View("m1"));
        shop.Storage.CommitPending();
        await first;
        await RestAsync(shop);
        var kept = (await StateAsync(shop, "ada")).ToBytes();

        var lost = shop.TrackAsync("ada", shop.View("m2"));
        await shop.Engine.RunRoundAsync();
        Assert.Equal(2, _encoder.Requests);
        shop.Storage.FailPending(new IOException("disk full"));
        Assert.Equal(TrackOutcome.Unavailable, (await lost).Outcome);
        await RestAsync(shop);

        Assert.Equal(1, (await StateAsync(shop, "ada")).Encoder!.Seen);
        Assert.Equal(CustomerState.Read(kept).Encoder!.AsOfMs, (await StateAsync(shop, "ada")).Encoder!.AsOfMs);
    }

    [Fact]
    public async Task Another_model_reads_everybody_also_those_asleep()
    {
        await using var shop = await OpenAsync(new EngineOptions { IdleSeconds = 1 }, encoder: _encoder);
        for (var i = 0; i < 50; i++)
        {
            await shop.TrackAsync($"c{i}", shop.View("m1"), shop.Order("m2", i));
        }
        await RestAsync(shop);
        Assert.Equal(0, shop.Engine.Active.Customers);
        Assert.False(shop.Engine.Encoding.IsSweeping);

        _encoder.Model = ScriptedEncoder.ModelOf("2");
        await RestAsync(shop);

        var progress = shop.Engine.Encoding;
        Assert.Equal(("scripted 2", 50L, 50L, 50L, false), (progress.Model, progress.Customers, progress.Looked, progress.Woken, progress.IsSweeping));
        for (var i = 0; i < 50; i++)
        {
            await AssertReadAsync(shop, $"c{i}");
        }
    }

    [Fact]
    public async Task Sweep_of_everybody_keeps_to_its_rate_and_goes_on_after_a_crash()
    {
        var options = new EngineOptions { IdleSeconds = 1 };
        options.Encoding.SweepPerSecondMax = 10;
        await using var shop = await OpenAsync(options, encoder: _encoder);
        for (var i = 0; i < 60; i++)
        {
            await shop.TrackAsync($"c{i}", shop.View("m1"));
        }
        await RestAsync(shop);

        _encoder.Model = ScriptedEncoder.ModelOf("2");
        await shop.Engine.RunRoundAsync();
        for (var i = 0; i < 20; i++)
        {
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        }
        Assert.InRange(shop.Engine.Encoding.Woken, 19, 20);
        await shop.Engine.FlushAsync();

        await shop.CrashAsync();
        await RestAsync(shop);

        Assert.InRange(shop.Engine.Encoding.Woken, 39, 42);
        for (var i = 0; i < 60; i++)
        {
            await AssertReadAsync(shop, $"c{i}");
        }
    }

    [Fact]
    public async Task Customers_who_found_no_place_in_the_queue_are_read_later()
    {
        var options = new EngineOptions();
        options.Encoding.QueueMax = 10;
        await using var shop = await OpenAsync(options, encoder: _encoder);
        for (var i = 0; i < 40; i++)
        {
            await shop.TrackAsync($"c{i}", shop.View("m1"));
        }
        Assert.InRange(shop.Engine.Encoding.Waiting, 1, 10);

        // Every minute as many as find a place.
        for (var i = 0; i < 15; i++)
        {
            await RestAsync(shop);
        }

        for (var i = 0; i < 40; i++)
        {
            await AssertReadAsync(shop, $"c{i}");
        }
    }

    [Fact]
    public async Task Encoder_that_takes_nothing_does_not_have_customers_refreshed_all_the_time()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Script = _ => EncoderOutcome.Busy;
        await shop.TrackAsync("ada", shop.View("m1"));
        var moments = new HashSet<long>();
        for (var second = 0; second < 120; second++)
        {
            await shop.PassAsync(TimeSpan.FromSeconds(1));
            await shop.Engine.FlushAsync();
            moments.Add((await RowAsync(shop, "ada")).AsOfMs);
        }

        // Woken once in a minute, so that nobody is forgotten, not once in a second.
        Assert.InRange(moments.Count, 2, 4);
    }

    [Fact]
    public async Task Customer_without_an_event_to_read_is_not_woken_at_a_start()
    {
        await using var shop = await OpenAsync(new EngineOptions { IdleSeconds = 1 }, encoder: _encoder);
        await shop.TrackAsync("ada", shop.View("m1"));
        await shop.TrackAsync("bob", shop.Event("m1", EventKind.TraitsIdentified));
        await RestAsync(shop);

        _encoder.Model = ScriptedEncoder.ModelOf("2");
        await RestAsync(shop);

        Assert.Equal((2L, 1L), (shop.Engine.Encoding.Looked, shop.Engine.Encoding.Woken));
        await AssertReadAsync(shop, "ada");
    }

    [Fact]
    public async Task Stop_waits_for_what_is_on_its_way_and_the_next_start_reads_what_was_left()
    {
        var shop = await OpenAsync(encoder: _encoder);
        _encoder.Holds = true;
        await shop.TrackAsync("ada", shop.View("m1"));
        await shop.Engine.RunRoundAsync();

        var stopping = shop.DisposeAsync();
        Assert.False(stopping.IsCompleted);
        await _encoder.ReleaseAsync();
        await stopping;
        Assert.True(shop.Engine.IsUpToDate);
        Assert.Equal(0, _encoder.Rented);

        await shop.CrashAsync();
        await RestAsync(shop);
        await AssertReadAsync(shop, "ada");
        await shop.DisposeAsync();
    }

    [Fact]
    public async Task Erased_customer_leaves_no_answer_behind()
    {
        await using var shop = await OpenAsync(encoder: _encoder);
        _encoder.Holds = true;
        await shop.TrackAsync("ada", shop.View("m1"));
        await shop.Engine.RunRoundAsync();

        await shop.Engine.Customer("ada").EraseAsync();
        await _encoder.ReleaseAsync();
        await RestAsync(shop);

        Assert.Null(await shop.Engine.Customer("ada").GetAsync());
        Assert.Equal(0, _encoder.Rented);
    }

    /// <summary>Takes the test's context away: so an answer goes on where it is released, on the one thread of the test.</summary>
    private static Task<Shop> OpenAsync(EngineOptions? options = null, InMemoryStorageOptions? storage = null, IEncoder? encoder = null)
    {
        SynchronizationContext.SetSynchronizationContext(null);
        return Shop.OpenAsync(options, storage, encoder);
    }

    /// <summary>Twenty seconds of background work: pauses end, checkpoints are written, idle customers leave.</summary>
    private static async Task RestAsync(Shop shop)
    {
        for (var i = 0; i < 200; i++)
        {
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        }
    }

    private static async Task<CustomerState> StateAsync(Shop shop, string id) =>
        CustomerState.Read((await shop.Storage.Customers.LoadAsync(id))!.State.Span);

    private static async Task<ProfileRow> RowAsync(Shop shop, string id)
    {
        await foreach (var rows in shop.Storage.Profiles.ScanAsync(1_000))
        {
            return rows.Single(r => r.CustomerId == id);
        }
        throw new InvalidOperationException($"{id} has no row.");
    }

    /// <summary>What is stored of the customer is, within rounding, what the current model makes of the ring in one go; the row shows the same.</summary>
    private async Task AssertReadAsync(Shop shop, string id)
    {
        var state = await StateAsync(shop, id);
        Assert.False(EncoderReading.IsDue(state, _encoder.Model!), $"{id} is behind");
        var fresh = new EncoderRequest();
        fresh.Begin(_encoder.Model!, 0);
        fresh.Add(state.Ring.Tokens);
        ScriptedEncoder.Compute(fresh);
        var embedding = new float[state.Encoder!.EmbeddingSize];
        state.Encoder.CopyEmbedding(embedding);
        for (var i = 0; i < embedding.Length; i++)
        {
            Assert.InRange(Math.Abs(embedding[i] - fresh.Embedding[i]), 0, RoundingMax);
        }

        var row = await RowAsync(shop, id);
        Assert.Equal(_encoder.Model!.Id, row.EmbeddingModel);
        Assert.Equal(embedding, row.Embedding.ToArray());
    }
}
