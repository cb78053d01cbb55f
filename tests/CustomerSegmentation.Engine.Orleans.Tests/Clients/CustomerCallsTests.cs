using System.Collections.Concurrent;
using CustomerSegmentation.Client;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Orleans.Tests.Clients;

public sealed class CustomerCallsTests
{
    private readonly ScriptedCalls _silo = new();

    [Fact]
    public async Task Calls_of_a_customer_gather_while_one_is_under_way_and_each_gets_its_own_receipts()
    {
        var calls = Create();
        var first = Track(calls, "1");
        var second = Track(calls, "2", "3");
        var third = calls.TrackAsync([Events.Of("a", Events.Order("4", 1), Events.Order("5", 1)), Events.Of("a", Events.Order("6", 1))], default);
        Assert.Equal("1", Assert.Single(_silo.Calls).Messages);

        _silo.Calls[0].End.SetResult();
        Assert.Equal([1L], (await first).Select(r => r.Sequence));
        var together = await _silo.ComesAsync(1);
        Assert.Equal("2 3 4 5 6", together.Messages);
        together.End.SetResult();

        Assert.Equal([(2L, 1), (3L, 1)], (await second).Select(r => (r.Sequence, r.Accepted)));
        Assert.Equal([(4L, 2), (5L, 1)], (await third).Select(r => (r.Sequence, r.Accepted)));
        Assert.Equal(2, _silo.Calls.Count);
    }

    [Fact]
    public async Task Customers_do_not_wait_for_each_other_and_nobody_waits_after_the_last_call()
    {
        var calls = Create();
        var a = calls.TrackAsync([Events.Of("a", Events.Order("1", 1))], default);
        var b = calls.TrackAsync([Events.Of("b", Events.Order("2", 1))], default);
        Assert.Equal(2, _silo.Calls.Count);
        foreach (var call in _silo.Calls)
        {
            call.End.SetResult();
        }
        await Task.WhenAll(a, b);

        _ = Track(calls, "3");

        Assert.Equal("3", _silo.Calls[2].Messages);
    }

    [Theory]
    [InlineData(3, 1 << 20, "2 3|4 5 6 7|8")]
    [InlineData(1_000, 2_000, "2 3|4 5 6 7|8")]
    [InlineData(1_000, 1 << 20, "2 3 4 5 6 7 8")]
    public async Task Gathered_call_keeps_to_its_bounds_but_for_a_call_that_brings_more(int eventsMax, int bytesMax, string expected)
    {
        var calls = Create(o => (o.BatchEventsMax, o.BatchBytesMax) = (eventsMax, bytesMax));
        var answers = new List<Task>
        {
            Track(calls, "1"), Track(calls, "2"), Track(calls, "3"),
            calls.TrackAsync([Events.Of("a", Events.Order("4", 1), Events.Order("5", 1), Events.Order("6", 1), Events.Order("7", 1))], default), Track(calls, "8"),
        };
        foreach (var number in Enumerable.Range(0, expected.Split('|').Length + 1))
        {
            (await _silo.ComesAsync(number)).End.SetResult();
        }
        await Task.WhenAll(answers);

        Assert.Equal("1|" + expected, string.Join('|', _silo.Calls.Select(c => c.Messages)));
    }

    [Fact]
    public async Task Caller_who_gives_up_while_waiting_is_left_out_and_the_others_are_not()
    {
        var calls = Create();
        using var patience = new CancellationTokenSource();
        var first = Track(calls, "1");
        var impatient = calls.TrackAsync([Events.Of("a", Events.Order("2", 1))], patience.Token);
        var third = Track(calls, "3");

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        _silo.Calls[0].End.SetResult();
        var second = await _silo.ComesAsync(1);
        second.End.SetResult();

        Assert.Equal("3", second.Messages);
        Assert.Equal((1L, 2L), ((await first)[0].Sequence, (await third)[0].Sequence));
    }

    [Fact]
    public async Task Gathered_call_is_cancelled_only_when_everybody_in_it_has_given_up()
    {
        var calls = Create();
        using var one = new CancellationTokenSource();
        using var other = new CancellationTokenSource();
        _ = Track(calls, "1");
        var answers = new[] { one, other }.Select((p, i) => calls.TrackAsync([Events.Of("a", Events.Order($"{i}", 1))], p.Token)).ToList();
        _silo.Calls[0].End.SetResult();
        var together = await _silo.ComesAsync(1);

        await one.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers[0]);
        Assert.False(together.Cancelled.IsCancellationRequested);
        Assert.False(answers[1].IsCompleted);
        await other.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answers[1]);
        Assert.True(together.Cancelled.IsCancellationRequested);
    }

    [Fact]
    public async Task Call_that_goes_alone_is_cancelled_by_its_caller_and_the_next_one_follows()
    {
        var calls = new CustomerCalls(
            async (requests, cancellationToken) =>
            {
                var sent = _silo.SendAsync(requests, cancellationToken);
                return await sent.WaitAsync(cancellationToken);
            },
            new ClientOptions());
        using var patience = new CancellationTokenSource();
        var first = calls.TrackAsync([Events.Of("a", Events.Order("1", 1))], patience.Token);
        var second = Track(calls, "2");

        await patience.CancelAsync();
        (await _silo.ComesAsync(1)).End.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal(TrackOutcome.Committed, (await second)[0].Outcome);
    }

    [Fact]
    public async Task What_fails_for_one_caller_does_not_fail_for_those_who_went_with_it()
    {
        var begin = new TaskCompletionSource();
        var calls = new CustomerCalls(
            async (requests, _) =>
            {
                await begin.Task;
                return requests.Any(r => r.Events.Any(e => e.MessageId == "bad"))
                    ? throw new InvalidOperationException("it cannot be sent")
                    : Array.ConvertAll(requests, r => new TrackReceipt { Outcome = TrackOutcome.Committed });
            },
            new ClientOptions());
        var first = Track(calls, "1");
        var others = new[] { "2", "bad", "4" }.Select(m => Track(calls, m)).ToList();
        begin.SetResult();

        await first;
        Assert.Equal(TrackOutcome.Committed, (await others[0])[0].Outcome);
        await Assert.ThrowsAsync<InvalidOperationException>(() => others[1]);
        Assert.Equal(TrackOutcome.Committed, (await others[2])[0].Outcome);
    }

    [Theory]
    [InlineData(2, 1 << 20)]
    [InlineData(1_000, 1_000)]
    public async Task Too_many_events_that_wait_are_refused_until_there_is_room(int eventsMax, int bytesMax)
    {
        var calls = Create(o => (o.PendingEventsMax, o.PendingBytesMax) = (eventsMax, bytesMax));
        var waiting = new[] { Track(calls, "1"), Track(calls, "2") };

        var refused = await calls.TrackAsync([Events.Of("b", Events.Order("3", 1)), Events.Of("b", Events.Order("4", 1))], default);

        Assert.Equal([TrackOutcome.Overloaded, TrackOutcome.Overloaded], refused.Select(r => r.Outcome));
        Assert.NotNull(refused[0].Reason);
        (await _silo.ComesAsync(0)).End.SetResult();
        (await _silo.ComesAsync(1)).End.SetResult();
        await Task.WhenAll(waiting);
        var after = calls.TrackAsync([Events.Of("b", Events.Order("3", 1))], default);
        (await _silo.ComesAsync(2)).End.SetResult();
        Assert.Equal(TrackOutcome.Committed, (await after)[0].Outcome);
    }

    [Fact]
    public async Task Many_callers_at_once_keep_each_customers_order_with_one_call_at_a_time()
    {
        const int customers = 5, callers = 40, each = 100;
        var (under, seen) = (new ConcurrentDictionary<string, int>(), new ConcurrentDictionary<string, List<string>>());
        var calls = new CustomerCalls(
            async (requests, _) =>
            {
                var id = requests[0].CustomerId;
                Assert.All(requests, r => Assert.Equal(id, r.CustomerId));
                Assert.Equal(1, under.AddOrUpdate(id, 1, static (_, n) => n + 1));
                seen.GetOrAdd(id, _ => []).AddRange(requests.Select(r => r.Events[0].MessageId));
                if (requests.Length % 3 != 0)
                {
                    await Task.Yield();
                }
                under[id] = 0;
                return Array.ConvertAll(requests, r => new TrackReceipt { Outcome = TrackOutcome.Committed, Reason = r.Events[0].MessageId });
            },
            new ClientOptions { BatchEventsMax = 7 });
        await Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(async () =>
        {
            for (var i = 0; i < each; i++)
            {
                var message = $"{caller}/{i}";
                var receipts = await calls.TrackAsync([Events.Of($"c{caller % customers}", Events.Order(message, 1))], default);
                Assert.Equal(message, Assert.Single(receipts).Reason);
            }
        })));

        Assert.Equal(customers, seen.Count);
        Assert.Equal(callers * each, seen.Values.Sum(messages => messages.Distinct().Count()));
        Assert.Equal(callers * each, seen.Values.Sum(messages => messages.Count));
        foreach (var own in seen.Values.SelectMany(messages => messages.Select(m => m.Split('/')).GroupBy(m => m[0], m => int.Parse(m[1], System.Globalization.CultureInfo.InvariantCulture))))
        {
            Assert.Equal(Enumerable.Range(0, each), own);
        }
    }

    private CustomerCalls Create(Action<ClientOptions>? configure = null)
    {
        var options = new ClientOptions();
        configure?.Invoke(options);
        return new CustomerCalls(_silo.SendAsync, options);
    }

    private static Task<IReadOnlyList<TrackReceipt>> Track(CustomerCalls calls, params string[] messages) =>
        calls.TrackAsync([.. messages.Select(m => Events.Of("a", Events.Order(m, 1)))], default);
}
