using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Storage.InMemory;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class JoinTests
{
    [Fact]
    public async Task Joined_events_count_once_when_the_join_is_interrupted_and_driven_again()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("anon-1", shop.View("v1"), shop.Order("o1", 30));
        await shop.TrackAsync("ada", shop.Identify("i1", "anon-1"));

        // The completion is kept only in the snapshot, which the crash loses: the join is driven a second time.
        await shop.CrashAsync();
        await shop.PassAsync(TimeSpan.FromSeconds(2));

        var ada = await shop.Engine.Customer("ada").GetAsync();
        Assert.Equal(30, ada!.Features["monetary"]);
        Assert.Equal(["anon-1"], ada.JoinedIds);
        Assert.Equal(3, ada.Sequence);
    }

    [Fact]
    public async Task Customer_for_whom_many_histories_wait_takes_no_further_names_until_they_have_joined()
    {
        await using var shop = await Shop.OpenAsync(storage: new InMemoryStorageOptions { ManualCommit = true });
        var named = shop.TrackAsync("ada", [.. Enumerable.Range(0, 64).Select(i => shop.Alias($"a{i}", $"anon-{i}"))]);

        var refused = await shop.TrackAsync("ada", shop.Alias("b", "anon-64"));
        var repeated = shop.TrackAsync("ada", shop.Alias("c", "anon-7"));
        var ordinary = shop.TrackAsync("ada", shop.Order("o", 30));

        Assert.Equal(TrackOutcome.Overloaded, refused.Outcome);
        Assert.All(await CommitAsync(shop, named, repeated, ordinary), r => Assert.Equal(TrackOutcome.Committed, r.Outcome));
        Assert.Equal(TrackOutcome.Committed, (await CommitAsync(shop, shop.TrackAsync("ada", shop.Alias("b", "anon-64"))))[0].Outcome);
    }

    /// <summary>Commits until all have their receipts: each history that joins is closed by an event of its own.</summary>
    private static async Task<TrackReceipt[]> CommitAsync(Shop shop, params Task<TrackReceipt>[] receipts)
    {
        var all = Task.WhenAll(receipts);
        while (!all.IsCompleted)
        {
            shop.Storage.CommitPending();
            await Task.Yield();
        }
        return await all;
    }

    [Fact]
    public async Task Joined_id_leaves_the_profile_index()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("anon-1", shop.Order("o1", 30));
        await shop.PassAsync(TimeSpan.FromSeconds(20));

        await shop.TrackAsync("ada", shop.Identify("i1", "anon-1"));
        await shop.PassAsync(TimeSpan.FromSeconds(20));

        Assert.Equal(["ada"], (await shop.Storage.Profiles.ListAsync(null, null, 10)).Select(c => c.Id));
        Assert.Equal(1, (await shop.Storage.Profiles.GetTotalsAsync()).Segments.Sum(s => s.Customers));
    }

    [Fact]
    public async Task Erasure_takes_the_joined_history_too_and_late_events_do_not_bring_it_back()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("anon-1", shop.Order("o1", 30));
        await shop.TrackAsync("ada", shop.Identify("i1", "anon-1"));
        await shop.PassAsync(TimeSpan.FromSeconds(10));

        var receipt = await shop.Engine.Customer("ada").EraseAsync();

        Assert.True(receipt.Events >= 3);
        Assert.Null(await shop.Engine.Customer("ada").GetAsync());
        Assert.Equal(TrackOutcome.Erased, (await shop.TrackAsync("ada", shop.Order("o9", 1))).Outcome);
        Assert.Equal(TrackOutcome.Erased, (await shop.TrackAsync("anon-1", shop.Order("o8", 1))).Outcome);
        Assert.Equal(0, (await shop.Storage.Profiles.GetTotalsAsync()).Segments.Sum(s => s.Customers));
        Assert.Equal(0, (await shop.Engine.Customer("ada").EraseAsync()).Events);
    }

    [Fact]
    public async Task Id_is_closed_only_after_the_event_that_names_it_is_committed()
    {
        await using var shop = await Shop.OpenAsync(storage: new InMemoryStorageOptions { ManualCommit = true });
        var orders = Task.WhenAll(shop.TrackAsync("tablet", shop.Order("o1", 1)), shop.TrackAsync("ada", shop.Order("o2", 1)));
        shop.Storage.CommitPending();
        await orders;
        await shop.Engine.FlushAsync();
        var naming = shop.TrackAsync("ada", shop.Identify("i1", "tablet"));

        await shop.Engine.Audiences.PutAsync("buyers", "Buyers", """{"all":[{"feature":"frequency","op":">=","value":1}]}""");
        var sweep = shop.Engine.RunRoundAsync();
        var waiting = shop.Storage.PendingAppends;
        shop.Storage.FailPending(new IOException("no disk"));
        await Task.WhenAll(naming, sweep);

        Assert.Equal(1, waiting);
        Assert.Equal("tablet", (await shop.Engine.Customer("tablet").GetAsync())!.Id);
    }

    [Fact]
    public async Task Event_of_an_id_whose_closing_does_not_commit_stays_with_that_id()
    {
        await using var shop = await Shop.OpenAsync(storage: new InMemoryStorageOptions { ManualCommit = true });
        var naming = await CloseTabletAsync(shop);

        var late = shop.TrackAsync("tablet", shop.Order("o3", 5));
        var waiting = shop.Storage.PendingAppends;
        shop.Storage.FailPending(new IOException("no disk"));
        var receipts = await CommitAsync(shop, naming, late);

        Assert.Equal(1, waiting);
        Assert.All(receipts, r => Assert.Equal(TrackOutcome.Committed, r.Outcome));
        Assert.Equal(6, (await shop.Engine.Customer("tablet").GetAsync())!.Features["monetary"]);
        Assert.Equal(2, (await shop.Engine.Customer("ada").GetAsync())!.Features["monetary"]);
    }

    [Fact]
    public async Task Reader_of_an_id_whose_closing_does_not_commit_is_shown_that_id()
    {
        await using var shop = await Shop.OpenAsync(storage: new InMemoryStorageOptions { ManualCommit = true });
        var naming = await CloseTabletAsync(shop);

        var asked = shop.Engine.Customer("tablet").GetAsync();
        shop.Storage.FailPending(new IOException("no disk"));
        await naming;

        Assert.Equal("tablet", (await asked)!.Id);
    }

    /// <summary>Ada claims the tablet's history; the closing of the tablet waits for its commit.</summary>
    private static async Task<Task<TrackReceipt>> CloseTabletAsync(Shop shop)
    {
        await CommitAsync(shop, shop.TrackAsync("tablet", shop.Order("o1", 1)), shop.TrackAsync("ada", shop.Order("o2", 2)));
        var naming = shop.TrackAsync("ada", shop.Identify("i1", "tablet"));
        shop.Storage.CommitPending();
        while (shop.Storage.PendingAppends == 0)
        {
            await Task.Yield();
        }
        return naming;
    }

    [Fact]
    public async Task Two_customers_who_claim_each_other_at_once_become_one()
    {
        await using var shop = await Shop.OpenAsync();
        TrackRequest Claim(string id, string other) => new() { CustomerId = id, Events = [shop.Order("o-" + id, 1), shop.Alias("x-" + id, other)] };

        await shop.Engine.TrackAsync([Claim("a", "b"), Claim("b", "a")]);

        await AssertOneAsync(shop, 2);
    }

    [Fact]
    public async Task Two_customers_who_claim_each_other_while_commits_are_pending_become_one()
    {
        await using var shop = await Shop.OpenAsync(storage: new InMemoryStorageOptions { ManualCommit = true });
        var claims = new[]
        {
            shop.TrackAsync("a", shop.Order("o-a", 1), shop.Alias("x-a", "b")),
            shop.TrackAsync("b", shop.Order("o-b", 1), shop.Alias("x-b", "a")),
        };
        while (!claims.All(c => c.IsCompleted))
        {
            shop.Storage.CommitPending();
            await Task.Yield();
        }
        shop.Storage.AppendQueued = () => shop.Storage.CommitPending();
        await shop.PassAsync(TimeSpan.FromSeconds(10));
        await shop.PassAsync(TimeSpan.FromSeconds(10));

        await AssertOneAsync(shop, 2);
    }

    [Fact]
    public async Task History_on_its_way_to_a_customer_who_joins_another_arrives_there_when_the_storage_is_back()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("anon", shop.Order("o1", 30));
        shop.Hooks.Reading = id =>
        {
            if (id is "anon" or "ada")
            {
                throw new IOException("no disk");
            }
        };

        // Both are closed, and none of their events has moved yet.
        await shop.TrackAsync("ada", shop.Identify("i1", "anon"));
        await shop.TrackAsync("ada-2", shop.Alias("x1", "ada"));
        shop.Hooks.Reading = null;
        await shop.PassAsync(TimeSpan.FromSeconds(10));
        await shop.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(30, (await shop.Engine.Customer("ada-2").GetAsync())!.Features["monetary"]);
    }

    [Fact]
    public async Task Customer_whose_events_all_have_one_time_can_join()
    {
        await using var shop = await Shop.OpenAsync(new EngineOptions { HistoricalAfterHours = 1 });
        for (var i = 0; i < 200; i++)
        {
            await shop.TrackAsync("anon", shop.Order($"o{i}", 1, TimeSpan.FromDays(30)));
        }
        await shop.TrackAsync("ada", new CustomerEvent { MessageId = "x", Kind = EventKind.Aliased, TimestampMs = 1, OtherId = "anon" });

        Assert.Equal(200, (await shop.Engine.Customer("ada").GetAsync())!.Features["monetary"]);
    }

    [Fact]
    public async Task Event_sent_to_the_first_of_a_long_chain_of_joined_ids_arrives()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("id-0", shop.Order("o0", 1));
        for (var i = 1; i <= 20; i++)
        {
            await shop.TrackAsync($"id-{i}", shop.Alias($"x{i}", $"id-{i - 1}"));
        }

        var receipt = await shop.TrackAsync("id-0", shop.Order("late", 5));

        Assert.Equal((TrackOutcome.Committed, 1), (receipt.Outcome, receipt.Accepted));
        Assert.Equal(6, (await shop.Engine.Customer("id-0").GetAsync())!.Features["monetary"]);
    }

    private static async Task AssertOneAsync(Shop shop, double monetary)
    {
        var (a, b) = (await shop.Engine.Customer("a").GetAsync(), await shop.Engine.Customer("b").GetAsync());
        Assert.Equal(a!.Id, b!.Id);
        Assert.Equal(monetary, a.Features["monetary"]);
        Assert.Equal(TrackOutcome.Committed, (await shop.TrackAsync("a", shop.Order("later", 1))).Outcome);
        Assert.Equal(monetary + 1, (await shop.Engine.Customer("b").GetAsync())!.Features["monetary"]);
    }
}
