using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests.Clients;

public sealed class ClientTests
{
    [PostgresFact]
    public async Task Many_calls_about_one_customer_at_once_are_numbered_in_the_order_in_which_they_were_made()
    {
        await using var cluster = await TestCluster.StartAsync("calls");
        var outside = await cluster.ConnectAsync();
        var customer = outside.Customer("a");

        var receipts = await Task.WhenAll(Enumerable.Range(1, 300).Select(i => customer.TrackAsync(Events.Of("a", Events.Order($"m{i}", 1)))));

        Assert.All(receipts, r => Assert.Equal((TrackOutcome.Committed, 1), (r.Outcome, r.Accepted)));
        Assert.Equal(Enumerable.Range(1, 300).Select(i => (long)i), receipts.Select(r => r.Sequence));
        Assert.Equal(300.0, (await customer.GetAsync())!.Features["monetary"]);
    }

    [PostgresFact]
    public async Task Caller_who_gives_up_leaves_the_others_their_receipts()
    {
        await using var cluster = await TestCluster.StartAsync("giveup");
        var outside = await cluster.ConnectAsync();
        var customer = outside.Customer("a");
        using var patience = new CancellationTokenSource();

        var kept = Enumerable.Range(0, 50).Select(i => customer.TrackAsync(Events.Of("a", Events.Order($"kept{i}", 1)))).ToList();
        var given = Enumerable.Range(0, 50).Select(i => customer.TrackAsync(Events.Of("a", Events.Order($"given{i}", 1)), patience.Token)).ToList();
        kept.AddRange(Enumerable.Range(50, 50).Select(i => customer.TrackAsync(Events.Of("a", Events.Order($"kept{i}", 1)))));
        await patience.CancelAsync();

        var receipts = await Task.WhenAll(kept);
        Assert.All(receipts, r => Assert.Equal(TrackOutcome.Committed, r.Outcome));
        await Task.WhenAll(given.Select(async g =>
        {
            try
            {
                await g;
            }
            catch (OperationCanceledException)
            {
                // Whether it was taken before is decided by sending it again.
            }
        }));
        await outside.TrackAsync([.. Enumerable.Range(0, 50).Select(i => Events.Of("a", Events.Order($"given{i}", 1)))]);
        Assert.Equal(150.0, (await customer.GetAsync())!.Features["monetary"]);
    }

    [PostgresFact]
    public async Task Events_of_another_customer_are_not_taken()
    {
        await using var cluster = await TestCluster.StartAsync("mistaken", silos: 1);
        var outside = await cluster.ConnectAsync();

        await Assert.ThrowsAsync<ArgumentException>(() => outside.Customer("a").TrackAsync(Events.Of("b", Events.Order("1", 1))));

        Assert.Null(await outside.Customer("a").GetAsync());
    }
}
