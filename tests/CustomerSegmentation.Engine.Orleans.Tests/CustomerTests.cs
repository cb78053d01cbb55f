using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

public sealed class CustomerTests
{
    [PostgresFact]
    public async Task Event_with_a_receipt_is_seen_from_every_silo_and_from_outside()
    {
        await using var cluster = await TestCluster.StartAsync("customer");
        var outside = await cluster.ConnectAsync();

        for (var i = 0; i < 20; i++)
        {
            var receipt = await cluster.Silos[i % 2].Engine.Customer($"c{i}").TrackAsync(Events.Of($"c{i}", Events.Order("m1", i)));
            Assert.Equal((TrackOutcome.Committed, 1, 1L), (receipt.Outcome, receipt.Accepted, receipt.Sequence));
        }

        for (var i = 0; i < 20; i++)
        {
            foreach (var engine in cluster.Silos.Select(s => s.Engine).Append(outside))
            {
                Assert.Equal(i, (await engine.Customer($"c{i}").GetAsync())!.Features["monetary"]);
            }
        }
        Assert.Null(await outside.Customer("nobody").GetAsync());
    }

    [PostgresFact]
    public async Task Batch_from_outside_gives_each_request_its_own_receipt_in_order()
    {
        await using var cluster = await TestCluster.StartAsync("batch");
        var outside = await cluster.ConnectAsync();

        var receipts = await outside.TrackAsync(
            [Events.Of("a", Events.Order("1", 1)), Events.Of("b", Events.Order("1", 1)), Events.Of("a", Events.Order("2", 1)), Events.Of("a", Events.Order("1", 1))]);

        Assert.Equal([1, 1, 2, 2], receipts.Select(r => r.Sequence));
        Assert.Equal([1, 1, 1, 0], receipts.Select(r => r.Accepted));
    }

    [PostgresFact]
    public async Task Anonymous_history_joins_wherever_the_two_are_and_events_follow_it()
    {
        await using var cluster = await TestCluster.StartAsync("joins");
        for (var i = 0; i < 6; i++)
        {
            await cluster.Engine.TrackAsync([Events.Of($"anon{i}", Events.Order("a", 10))]);
            await cluster.Engine.TrackAsync([Events.Of($"user{i}", Events.Identify("b", $"anon{i}"))]);
            var late = await cluster.Silos[1].Engine.TrackAsync([Events.Of($"anon{i}", Events.Order("c", 5))]);

            Assert.Equal(TrackOutcome.Committed, Assert.Single(late).Outcome);
            var view = await cluster.Silos[1].Engine.Customer($"anon{i}").GetAsync();
            Assert.Equal(($"user{i}", 15.0), (view!.Id, view.Features["monetary"]));
            Assert.Equal([$"anon{i}"], view.JoinedIds);
        }
    }

    [PostgresFact]
    public async Task Erasure_removes_the_person_wherever_the_ids_are_and_late_events_are_refused()
    {
        await using var cluster = await TestCluster.StartAsync("erasure");
        for (var i = 0; i < 4; i++)
        {
            await cluster.Engine.TrackAsync([Events.Of($"anon{i}", Events.Order("a", 10))]);
            await cluster.Engine.TrackAsync([Events.Of($"user{i}", Events.Identify("b", $"anon{i}"))]);
            var parts = new List<CustomerExportPart>();
            await foreach (var part in cluster.Engine.Customer($"user{i}").ExportAsync())
            {
                parts.Add(part);
            }
            Assert.Equal([$"user{i}", $"anon{i}"], parts[0].Head!.Ids.Select(id => id.Id));

            var receipt = await cluster.Silos[1].Engine.Customer($"user{i}").EraseAsync();

            Assert.Equal(parts[0].Head!.Ids.Sum(id => id.Events), receipt.Events);
            Assert.Null(await cluster.Engine.Customer($"user{i}").GetAsync());
            Assert.Null(await cluster.Engine.Customer($"anon{i}").GetAsync());
            Assert.Equal(TrackOutcome.Erased, (await cluster.Engine.TrackAsync([Events.Of($"anon{i}", Events.Order("d", 1))]))[0].Outcome);
        }
    }
}
