using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Embedded.Tests;

public sealed class JoinTests
{
    [Fact]
    public async Task Identify_joins_the_anonymous_history_to_the_known_customer()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("anon-1", shop.View("v1"), shop.Order("o1", 30));
        await shop.TrackAsync("ada", shop.Order("o2", 12));

        await shop.TrackAsync("ada", shop.Identify("i1", "anon-1"));

        var ada = await shop.Engine.Customer("ada").GetAsync();
        Assert.Equal(42, ada!.Features["monetary"]);
        Assert.Equal(["anon-1"], ada.JoinedIds);
        Assert.Equal("France", ada.Traits["country"]);
    }

    [Fact]
    public async Task Events_and_readers_of_the_joined_id_reach_the_customer()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("anon-1", shop.Order("o1", 30));
        await shop.TrackAsync("ada", shop.Identify("i1", "anon-1"));

        var late = await shop.TrackAsync("anon-1", shop.Order("o3", 8));

        Assert.Equal(TrackOutcome.Committed, late.Outcome);
        var asked = await shop.Engine.Customer("anon-1").GetAsync();
        Assert.Equal("ada", asked!.Id);
        Assert.Equal(38, asked.Features["monetary"]);
    }

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
    public async Task Joined_id_leaves_the_profile_index()
    {
        await using var shop = await Shop.OpenAsync();
        await shop.TrackAsync("anon-1", shop.Order("o1", 30));
        await shop.PassAsync(TimeSpan.FromSeconds(10));

        await shop.TrackAsync("ada", shop.Identify("i1", "anon-1"));
        await shop.PassAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(["ada"], (await shop.Storage.Profiles.ListAsync(null, null, 10)).Select(c => c.Id));
        Assert.Equal(1, (await shop.Storage.Profiles.GetTotalsAsync()).Segments.Sum(s => s.Customers));
    }

    [Fact]
    public async Task Alias_of_two_ids_in_a_circle_ends()
    {
        await using var shop = await Shop.OpenAsync();
        CustomerEvent Alias(string message, string other) => new()
        {
            MessageId = message, Kind = EventKind.Aliased, TimestampMs = shop.NowMs, OtherId = other,
        };
        await shop.TrackAsync("a", shop.Order("o1", 1));
        await shop.TrackAsync("b", shop.Order("o2", 2));

        await shop.TrackAsync("b", Alias("x1", "a"));
        await shop.TrackAsync("a", Alias("x2", "b"));

        Assert.Equal(3, (await shop.Engine.Customer("a").GetAsync())!.Features["monetary"]);
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
}
