using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Storage.InMemory;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class TrackingTests
{
    private static readonly InMemoryStorageOptions Manual = new() { ManualCommit = true };

    [Fact]
    public async Task Receipt_waits_for_the_commit_and_so_does_a_reader()
    {
        await using var shop = await Shop.OpenAsync(storage: Manual);

        var receipt = shop.TrackAsync("ada", shop.Order("m1", 40));
        var view = shop.Engine.Customer("ada").GetAsync();

        Assert.False(receipt.IsCompleted);
        Assert.False(view.IsCompleted);
        shop.Storage.CommitPending();
        Assert.Equal(TrackOutcome.Committed, (await receipt).Outcome);
        Assert.Equal(1, (await view)!.Sequence);
    }

    [Fact]
    public async Task Turns_go_on_while_an_earlier_commit_is_pending()
    {
        await using var shop = await Shop.OpenAsync(storage: Manual);

        var first = shop.TrackAsync("ada", shop.Order("m1", 1));
        var second = shop.TrackAsync("ada", shop.Order("m2", 2));

        Assert.Equal(2, shop.Storage.PendingAppends);
        shop.Storage.CommitPending();
        Assert.Equal(1, (await first).Sequence);
        Assert.Equal(2, (await second).Sequence);
    }

    [Fact]
    public async Task Message_sent_twice_counts_once_also_within_a_request_and_after_a_crash()
    {
        await using var shop = await Shop.OpenAsync();

        await shop.TrackAsync("ada", shop.Order("m1", 5), shop.Order("m1", 5));
        var again = await shop.TrackAsync("ada", shop.Order("m1", 5), shop.Order("m2", 7));
        await shop.CrashAsync();
        var afterCrash = await shop.TrackAsync("ada", shop.Order("m2", 7));

        Assert.Equal((1, 1), (again.Accepted, again.Duplicates));
        Assert.Equal((0, 1), (afterCrash.Accepted, afterCrash.Duplicates));
        Assert.Equal(12, (await shop.Engine.Customer("ada").GetAsync())!.Features["monetary"]);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(90)]
    [InlineData(128)]
    [InlineData(129)]
    [InlineData(700)]
    public async Task Messages_repeated_anywhere_in_a_request_of_any_length_count_once(int length)
    {
        await using var shop = await Shop.OpenAsync();
        var random = new Random(length);
        var ids = Enumerable.Range(0, length).Select(_ => $"m{random.Next(length)}").ToList();
        var distinct = ids.Distinct().Count();

        var receipt = await shop.TrackAsync("ada", [.. ids.Select(id => shop.Order(id, 1))]);
        await shop.CrashAsync();
        var again = await shop.TrackAsync("ada", [.. ids.Select(id => shop.Order(id, 1))]);

        Assert.Equal((distinct, length - distinct), (receipt.Accepted, receipt.Duplicates));
        Assert.Equal((0, length), (again.Accepted, again.Duplicates));
        Assert.Equal(distinct, (await shop.Engine.Customer("ada").GetAsync())!.Features["monetary"]);
    }

    [Fact]
    public async Task Repeat_of_an_event_whose_commit_is_pending_gets_its_receipt_with_the_original()
    {
        await using var shop = await Shop.OpenAsync(storage: Manual);

        var original = shop.TrackAsync("ada", shop.Order("m1", 5));
        var repeat = shop.TrackAsync("ada", shop.Order("m1", 5));

        Assert.False(repeat.IsCompleted);
        shop.Storage.FailPending(new IOException("disk full"));
        Assert.Equal(TrackOutcome.Unavailable, (await original).Outcome);
        Assert.Equal(TrackOutcome.Unavailable, (await repeat).Outcome);
    }

    [Fact]
    public async Task Failed_commit_leaves_nothing_behind_and_the_event_can_be_sent_again()
    {
        await using var shop = await Shop.OpenAsync(storage: Manual);
        var lost = shop.TrackAsync("ada", shop.Order("m1", 5));
        var alsoLost = shop.TrackAsync("ada", shop.Order("m2", 6));
        shop.Storage.FailPending(new IOException("disk full"));
        Assert.Equal(TrackOutcome.Unavailable, (await lost).Outcome);
        Assert.Equal(TrackOutcome.Unavailable, (await alsoLost).Outcome);
        Assert.Null(await shop.Engine.Customer("ada").GetAsync());

        var sentAgain = shop.TrackAsync("ada", shop.Order("m1", 5));
        shop.Storage.CommitPending();

        Assert.Equal((TrackOutcome.Committed, 1L), ((await sentAgain).Outcome, (await sentAgain).Sequence));
    }

    [Fact]
    public async Task Customer_whose_broken_activation_could_not_be_loaded_again_is_written_later()
    {
        await using var shop = await Shop.OpenAsync(storage: new InMemoryStorageOptions { ManualCommit = true });
        var first = shop.TrackAsync("ada", shop.Order("m1", 40));
        shop.Storage.CommitPending();
        Assert.Equal(TrackOutcome.Committed, (await first).Outcome);

        // While the batch takes its turns, the commit of its first events fails and the disk stops to answer.
        shop.Hooks.Loading = id =>
        {
            shop.Storage.FailPending(new IOException("no disk"));
            if (id == "ada")
            {
                throw new IOException("no disk");
            }
        };
        await shop.Engine.TrackAsync([Request("ada", shop.View("m2")), Request("nobody", []), Request("ada", shop.View("m3"))]);
        shop.Hooks.Loading = null;

        await shop.PassAsync(TimeSpan.FromSeconds(15));

        Assert.Equal("ada", Assert.Single((await shop.Engine.ListCustomersAsync(null, null, 10)).Items).Id);

        static TrackRequest Request(string id, params CustomerEvent[] events) => new() { CustomerId = id, Events = events };
    }

    [Fact]
    public async Task Full_journal_queue_refuses_and_changes_nothing()
    {
        await using var shop = await Shop.OpenAsync(storage: new InMemoryStorageOptions { ManualCommit = true, JournalQueueAppendsMax = 2 });
        var first = shop.TrackAsync("ada", shop.Order("m1", 1));
        var second = shop.TrackAsync("ben", shop.Order("m1", 1));

        var refused = await shop.TrackAsync("ada", shop.Order("m2", 100));

        Assert.Equal(TrackOutcome.Overloaded, refused.Outcome);
        Assert.False(shop.Engine.Health.Ready);
        shop.Storage.CommitPending();
        await Task.WhenAll(first, second);
        Assert.Equal(1, (await shop.Engine.Customer("ada").GetAsync())!.Features["monetary"]);
        Assert.True(shop.Engine.Health.Ready);
    }

    [Fact]
    public async Task Concurrent_senders_and_repeats_count_every_event_exactly_once()
    {
        await using var shop = await Shop.OpenAsync();
        const int senders = 8, events = 400, customers = 7;

        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Factory.StartNew(
            async () =>
            {
                // Every two senders send the same messages.
                for (var i = 0; i < events; i++)
                {
                    await shop.TrackAsync($"c{i % customers}", shop.Order($"s{sender / 2}-{i}", 1));
                    if (i % 50 == 0)
                    {
                        await shop.Engine.RunRoundAsync();
                    }
                }
            },
            CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default).Unwrap()));

        double total = 0;
        for (var c = 0; c < customers; c++)
        {
            total += (await shop.Engine.Customer($"c{c}").GetAsync())!.Features["monetary"];
        }
        Assert.Equal(senders / 2 * events, total);
    }

    [Fact]
    public async Task Stopped_engine_refuses_new_events()
    {
        var shop = await Shop.OpenAsync();
        await shop.DisposeAsync();

        Assert.Equal(TrackOutcome.Unavailable, (await shop.TrackAsync("ada", shop.View("m1"))).Outcome);
        Assert.False(shop.Engine.Health.Ready);
    }

    [Fact]
    public async Task Fault_at_one_customer_of_a_batch_leaves_the_others_their_receipts()
    {
        await using var shop = await Shop.OpenAsync();
        for (var i = 0; i < 300; i++)
        {
            await shop.TrackAsync("old", shop.View($"m{i}", ago: TimeSpan.FromMinutes(300 - i)));
        }
        shop.Hooks.Reading = id => throw new IOException("no disk");
        shop.Hooks.Loading = id =>
        {
            if (id == "lost")
            {
                throw new IOException("no disk");
            }
        };
        TrackRequest Request(string id, CustomerEvent e) => new() { CustomerId = id, Events = [e] };

        var receipts = await shop.Engine.TrackAsync(
            [Request("ada", shop.View("1")), Request("old", shop.View("late", ago: TimeSpan.FromMinutes(299))), Request("lost", shop.View("1")), Request("ben", shop.View("1"))]);

        Assert.Equal(
            [TrackOutcome.Committed, TrackOutcome.Unavailable, TrackOutcome.Unavailable, TrackOutcome.Committed], receipts.Select(r => r.Outcome));
    }

    [Fact]
    public async Task Caller_who_gives_up_in_a_batch_leaves_what_was_queued_to_be_seen_through()
    {
        await using var shop = await Shop.OpenAsync(storage: Manual);
        using var gone = new CancellationTokenSource();
        shop.Hooks.Loading = id =>
        {
            if (id == "ben")
            {
                gone.Cancel();
            }
        };
        TrackRequest Request(string id) => new() { CustomerId = id, Events = [shop.Order("1", 7)] };

        var tracking = shop.Engine.TrackAsync([Request("ada"), Request("ben"), Request("cyd")], gone.Token);
        shop.Storage.FailPending(new IOException("disk full"));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => tracking);
        shop.Storage.AppendQueued = () => shop.Storage.CommitPending();
        Assert.Equal((TrackOutcome.Committed, 1L), await SendAgainAsync("ada"));
        Assert.Equal((TrackOutcome.Committed, 1L), await SendAgainAsync("ben"));

        async Task<(TrackOutcome, long)> SendAgainAsync(string id)
        {
            var receipt = await shop.TrackAsync(id, shop.Order("1", 7));
            return (receipt.Outcome, receipt.Sequence);
        }
    }
}
