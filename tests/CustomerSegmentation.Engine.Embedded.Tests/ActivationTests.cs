using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class ActivationTests
{
    [Fact]
    public async Task Unknown_customers_who_are_only_asked_for_do_not_stay_in_memory()
    {
        await using var shop = await Shop.OpenAsync();

        Assert.Null(await shop.Engine.Customer("nobody").GetAsync());
        Assert.Null(await shop.Engine.Customer("nobody").GetHistoryAsync());
        Assert.Null(await shop.Engine.Customer("nobody").ExplainAsync());

        Assert.Equal(0, shop.Engine.Active.Customers);
    }

    [Fact]
    public async Task Idle_customers_leave_memory_and_come_back_as_they_were()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { IdleSeconds = 1 });
        await shop.TrackAsync("ada", shop.Order("m1", 40));
        var before = await shop.Engine.Customer("ada").GetAsync();

        for (var i = 0; i < 30; i++)
        {
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        }

        Assert.Equal((0, 0L), shop.Engine.Active);
        var after = await shop.Engine.Customer("ada").GetAsync();
        Assert.Equal(before!.Features["monetary"], after!.Features["monetary"]);
        Assert.Equal(1, after.Sequence);
    }

    [Fact]
    public async Task Customers_in_memory_stay_within_the_limit()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { ActiveCustomersMax = 100 });

        for (var i = 0; i < 2_000; i++)
        {
            await shop.TrackAsync($"c{i}", shop.Order("m", i));
            if (i % 20 == 0)
            {
                await shop.PassAsync(TimeSpan.FromMilliseconds(100));
            }
            Assert.True(shop.Engine.Active.Customers <= 100);
        }

        for (var i = 0; i < 2_000; i += 97)
        {
            Assert.Equal(i, (await shop.Engine.Customer($"c{i}").GetAsync())!.Features["monetary"]);
        }
    }

    [Fact]
    public async Task Bytes_in_memory_stay_within_the_limit()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { ActiveBytesMax = 1 << 17 });

        for (var i = 0; i < 500; i++)
        {
            await shop.TrackAsync($"c{i}", shop.Order("m", i));
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
            Assert.True(shop.Engine.Active.Bytes <= (1 << 17) + 8192);
        }
    }

    [Fact]
    public async Task Crash_without_any_checkpoint_recovers_from_the_journal()
    {
        await using var shop = await Shop.OpenAsync();
        for (var i = 0; i < 50; i++)
        {
            await shop.TrackAsync($"c{i % 5}", shop.Order($"m{i}", i));
        }

        await shop.CrashAsync();

        var totals = await shop.Storage.Profiles.GetTotalsAsync();
        Assert.Equal(5, totals.Segments.Sum(s => s.Customers));
        Assert.Equal(Enumerable.Range(0, 50).Sum(), totals.Segments.Sum(s => s.Monetary), 3);
    }

    [Fact]
    public async Task Two_runs_of_the_same_script_leave_the_same_bytes()
    {
        var first = await RunScriptAsync();
        var second = await RunScriptAsync();

        Assert.Equal(first, second);
    }

    [Fact]
    public async Task Storage_that_takes_no_checkpoints_does_not_keep_a_round_from_ending()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { ActiveCustomersMax = 600 });
        for (var i = 0; i < 590; i++)
        {
            await shop.TrackAsync($"c{i}", shop.View("m"));
        }
        var attempts = 0;
        shop.Hooks.Checkpointing = () =>
        {
            if (++attempts < 100)
            {
                throw new IOException("no disk");
            }
        };

        await shop.PassAsync(TimeSpan.FromMilliseconds(100));

        Assert.InRange(attempts, 1, 10);
    }

    [Fact]
    public async Task Customers_who_keep_coming_do_not_keep_others_from_leaving_memory()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions
        {
            ActiveCustomersMax = 100, CheckpointBatchMax = 10, CheckpointMs = 0, VisibleCheckpointMs = 0,
        });
        var came = 0;
        Task<TrackReceipt> ComeAsync() => shop.TrackAsync($"c{came++}", shop.View("m"));
        for (var i = 0; i < 100; i++)
        {
            await ComeAsync();
        }

        // Each customer that is written is followed by as many who come: there is always somebody due.
        var coming = new List<Task<TrackReceipt>>();
        shop.Hooks.Checkpointing = () =>
        {
            if (came < 5_000)
            {
                coming.AddRange(Enumerable.Range(0, 10).Select(_ => ComeAsync()));
            }
        };
        await shop.PassAsync(TimeSpan.FromMilliseconds(100));

        Assert.InRange(came, 101, 1_000);
        shop.Hooks.Checkpointing = null;
        await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        Assert.InRange(shop.Engine.Active.Customers, 0, 100);
        Assert.All(await Task.WhenAll(coming), r => Assert.Contains(r.Outcome, new[] { TrackOutcome.Committed, TrackOutcome.Overloaded }));
    }

    [Fact]
    public async Task Audience_reaches_everybody_when_only_a_few_fit_in_memory_and_one_cannot_be_loaded()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { ActiveCustomersMax = 20 });
        for (var i = 0; i < 200; i++)
        {
            await shop.TrackAsync($"c{i}", shop.Order("m", 40));
            await shop.PassAsync(TimeSpan.FromMilliseconds(100));
        }
        await shop.Engine.FlushAsync();
        shop.Hooks.Loading = id =>
        {
            if (id == "c7")
            {
                throw new IOException("bad sector");
            }
        };

        await shop.Engine.Audiences.PutAsync("buyers", "Buyers", """{"feature":"frequency","op":">=","value":1}""");
        await shop.PassAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(199, Assert.Single(await shop.Engine.Audiences.ListAsync()).Size);

        shop.Hooks.Loading = null;
        await shop.PassAsync(TimeSpan.FromSeconds(15));
        Assert.Equal(200, Assert.Single(await shop.Engine.Audiences.ListAsync()).Size);
    }

    private static async Task<List<string>> RunScriptAsync()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { ActiveCustomersMax = 20 });
        var random = new Random(7);
        for (var i = 0; i < 500; i++)
        {
            await shop.TrackAsync($"c{random.Next(60)}", shop.Order($"m{random.Next(400)}", random.Next(100)), shop.View($"v{i}"));
            await shop.PassAsync(TimeSpan.FromSeconds(random.Next(30)));
        }
        await shop.Engine.FlushAsync();
        var bytes = new List<string>();
        for (var i = 0; i < 60; i++)
        {
            if (await shop.Storage.Customers.LoadAsync($"c{i}") is { } stored)
            {
                bytes.Add(Convert.ToHexString(stored.State.Span));
            }
        }
        return bytes;
    }
}
