using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.TestKit;

/// <summary>What customers do, whichever engine they are on.</summary>
public abstract class EngineBehaviour : IAsyncLifetime
{
    private IEngineRun _run = null!;

    /// <summary>Starts the engine with empty storage.</summary>
    protected abstract Task<IEngineRun> OpenAsync();

    public async Task InitializeAsync() => _run = await OpenAsync();

    public async Task DisposeAsync() => await _run.DisposeAsync();

    [Fact]
    public async Task Event_with_a_receipt_is_seen_by_the_next_reader()
    {
        var receipt = await TrackAsync("ada", Events.Order("m1", 40));

        Assert.Equal((TrackOutcome.Committed, 1, 0, 1L), (receipt.Outcome, receipt.Accepted, receipt.Duplicates, receipt.Sequence));
        var view = await ViewAsync("ada");
        Assert.Equal(40, view!.Features["monetary"]);
        Assert.Equal(1, view.Sequence);
    }

    [Fact]
    public async Task Unknown_customers_have_nothing_to_show()
    {
        Assert.Null(await ViewAsync("nobody"));
        Assert.Null(await _run.Engine.Customer("nobody").GetHistoryAsync());
        Assert.Null(await _run.Engine.Customer("nobody").ExplainAsync());
    }

    [Fact]
    public async Task Message_sent_twice_counts_once_also_within_a_request()
    {
        var (first, second) = (Events.Order("m1", 5), Events.Order("m2", 7));
        await TrackAsync("ada", first, first);
        var again = await TrackAsync("ada", first, second);

        Assert.Equal((1, 1), (again.Accepted, again.Duplicates));
        Assert.Equal(12, (await ViewAsync("ada"))!.Features["monetary"]);
    }

    [Fact]
    public async Task Repeat_of_an_event_that_the_window_has_forgotten_is_found_in_the_journal()
    {
        var events = Enumerable.Range(0, 300).Select(i => Events.View($"m{i}", ago: TimeSpan.FromMinutes(300 - i))).ToList();
        foreach (var e in events)
        {
            await TrackAsync("ada", e);
        }

        var repeats = await TrackAsync("ada", events[0], Events.View("new", ago: TimeSpan.FromMinutes(299)));

        Assert.Equal((1, 1), (repeats.Accepted, repeats.Duplicates));
        Assert.Equal(301, repeats.Sequence);
    }

    [Fact]
    public async Task Batch_gives_each_request_its_own_receipt_in_order()
    {
        var once = Events.View("1");
        TrackRequest Request(string id, CustomerEvent e) => new() { CustomerId = id, Events = [e] };

        var receipts = await _run.Engine.TrackAsync(
            [Request("a", once), Request("b", once), Request("a", Events.View("2")), Request("a", once)]);

        Assert.Equal([1, 1, 2, 2], receipts.Select(r => r.Sequence));
        Assert.Equal([1, 1, 1, 0], receipts.Select(r => r.Accepted));
    }

    [Fact]
    public async Task Concurrent_senders_and_repeats_count_every_event_exactly_once()
    {
        const int senders = 8, events = 100, customers = 7;
        // Every two senders send the same messages.
        var sent = Enumerable.Range(0, senders / 2)
            .Select(pair => Enumerable.Range(0, events).Select(i => Events.Order($"s{pair}-{i}", 1)).ToList()).ToList();

        await Task.WhenAll(Enumerable.Range(0, senders).Select(sender => Task.Factory.StartNew(
            async () =>
            {
                for (var i = 0; i < events; i++)
                {
                    Assert.Equal(TrackOutcome.Committed, (await TrackAsync($"c{i % customers}", sent[sender / 2][i])).Outcome);
                }
            },
            CancellationToken.None, TaskCreationOptions.None, TaskScheduler.Default).Unwrap()));

        double total = 0;
        for (var c = 0; c < customers; c++)
        {
            total += (await ViewAsync($"c{c}"))!.Features["monetary"];
        }
        Assert.Equal(senders / 2 * events, total);
    }

    [Fact]
    public async Task History_lists_the_newest_events_first_and_goes_on_below_them()
    {
        for (var i = 1; i <= 5; i++)
        {
            await TrackAsync("ada", Events.Order($"m{i}", i));
        }

        var newest = await _run.Engine.Customer("ada").GetHistoryAsync(limit: 3);
        var rest = await _run.Engine.Customer("ada").GetHistoryAsync(before: newest!.Next, limit: 3);

        Assert.Equal([5, 4, 3], newest.Items.Select(i => i.Sequence));
        Assert.Equal([2, 1], rest!.Items.Select(i => i.Sequence));
        Assert.Null(rest.Next);
    }

    [Fact]
    public async Task Identify_joins_the_anonymous_history_to_the_known_customer()
    {
        await TrackAsync("anon-1", Events.View("v1"), Events.Order("o1", 30));
        await TrackAsync("ada", Events.Order("o2", 12));

        await TrackAsync("ada", Events.Identify("i1", "anon-1"));

        var ada = await ViewAsync("ada");
        Assert.Equal(42, ada!.Features["monetary"]);
        Assert.Equal(["anon-1"], ada.JoinedIds);
        Assert.Equal("France", ada.Traits["country"]);
    }

    [Fact]
    public async Task Events_and_readers_of_the_joined_id_reach_the_customer()
    {
        await TrackAsync("anon-1", Events.Order("o1", 30));
        await TrackAsync("ada", Events.Identify("i1", "anon-1"));

        var late = await TrackAsync("anon-1", Events.Order("o3", 8));

        Assert.Equal(TrackOutcome.Committed, late.Outcome);
        var asked = await ViewAsync("anon-1");
        Assert.Equal("ada", asked!.Id);
        Assert.Equal(38, asked.Features["monetary"]);
    }

    [Fact]
    public async Task Alias_of_two_ids_in_a_circle_ends()
    {
        await TrackAsync("a", Events.Order("o1", 1));
        await TrackAsync("b", Events.Order("o2", 2));

        await TrackAsync("b", Events.Alias("x1", "a"));
        await TrackAsync("a", Events.Alias("x2", "b"));

        Assert.Equal(3, (await ViewAsync("a"))!.Features["monetary"]);
    }

    [Fact]
    public async Task Erasure_of_one_who_shares_a_device_leaves_the_other_alone()
    {
        await TrackAsync("tablet", Events.Order("o1", 30));
        await TrackAsync("ada", Events.Identify("i1", "tablet"));
        await TrackAsync("bob", Events.Identify("i2", "tablet"), Events.Order("o2", 5));

        Assert.Empty((await ViewAsync("bob"))!.JoinedIds);
        await _run.Engine.Customer("bob").EraseAsync();

        Assert.Null(await ViewAsync("bob"));
        Assert.Equal(30, (await ViewAsync("ada"))!.Features["monetary"]);
        Assert.Equal("ada", (await ViewAsync("tablet"))!.Id);
    }

    [Fact]
    public async Task Erasure_called_by_a_joined_id_erases_the_customer_and_all_that_joined()
    {
        await TrackAsync("phone", Events.Order("o1", 1));
        await TrackAsync("tablet", Events.Order("o2", 1));
        await TrackAsync("ada", Events.Identify("i1", "phone"), Events.Identify("i2", "tablet"));

        var receipt = await _run.Engine.Customer("phone").EraseAsync();

        Assert.True(receipt.Events >= 4);
        foreach (var id in new[] { "phone", "tablet", "ada" })
        {
            Assert.Equal(TrackOutcome.Erased, (await TrackAsync(id, Events.Order("o9", 1))).Outcome);
        }
        Assert.Equal(0, (await _run.Engine.Customer("ada").EraseAsync()).Events);
    }

    [Fact]
    public async Task Export_shows_every_id_of_the_person_with_its_events()
    {
        await TrackAsync("phone", Events.Order("o1", 1));
        await TrackAsync("ada", Events.Identify("i1", "phone"));

        var parts = new List<CustomerExportPart>();
        await foreach (var part in _run.Engine.Customer("phone").ExportAsync())
        {
            parts.Add(part);
        }

        var head = parts[0].Head!;
        Assert.Equal(["ada", "phone"], head.Ids.Select(id => id.Id));
        Assert.Equal(head.Ids.Sum(id => id.Events), parts.Count(part => part.Event is not null));
    }

    private ShopEvents Events => _run.Events;

    private Task<CustomerView?> ViewAsync(string customerId) => _run.Engine.Customer(customerId).GetAsync();

    private Task<TrackReceipt> TrackAsync(string customerId, params CustomerEvent[] events) =>
        _run.Engine.Customer(customerId).TrackAsync(new TrackRequest { CustomerId = customerId, Events = events });
}
