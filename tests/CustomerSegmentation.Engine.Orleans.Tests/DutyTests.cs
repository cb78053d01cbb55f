using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Encoders.TestKit;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

public sealed class DutyTests
{
    [PostgresFact]
    public async Task Silo_without_duties_is_ready_once_another_has_customers_and_answers_through_it()
    {
        await using var cluster = await TestCluster.StartAsync("door", silos: 0);
        var door = await cluster.AddSiloAsync(new SiloDuties { Customers = false, Coordinator = false });
        Assert.Equal((false, "no silo of the cluster has customers (role customers)"), (door.Engine.Health.Ready, door.Engine.Health.Reason));
        var having = await cluster.AddSiloAsync();
        await Waiting.UntilAsync(() => door.Engine.Health.Ready);

        for (var i = 0; i < 20; i++)
        {
            var receipt = (await door.Engine.TrackAsync([Events.Of($"c{i}", Events.Order("m1", i))]))[0];
            Assert.Equal(TrackOutcome.Committed, receipt.Outcome);
            Assert.Equal(i, (await door.Engine.Customer($"c{i}").GetAsync())!.Features["monetary"]);
        }
        await Waiting.UntilAsync(async () => (await door.Engine.ListCustomersAsync(null, null, 100)).Items.Count == 20);
        var audience = await door.Engine.Audiences.PutAsync("rich", "Rich", """{"feature":"monetary","op":">","value":10}""");
        Assert.Equal("rich", audience.Key);
        Assert.Null(await door.Engine.Coordinator.GetCurrentAsync());

        var grains = await GrainCounts.ReadAsync(door);
        Assert.Equal([having.Address], grains["customer"].Keys);
        Assert.Equal([having.Address], grains["segmentationcoordinator"].Keys);
    }

    [PostgresFact]
    public async Task Coordinator_is_where_it_may_be()
    {
        await using var cluster = await TestCluster.StartAsync("coordinator", silos: 0);
        await cluster.AddSiloAsync(new SiloDuties { Coordinator = false });
        var coordinating = await cluster.AddSiloAsync(new SiloDuties { Customers = false });
        await Waiting.UntilAsync(async () => (await GrainCounts.ReadAsync(coordinating)).ContainsKey("segmentationcoordinator"));

        var grains = await GrainCounts.ReadAsync(coordinating);

        Assert.Equal([coordinating.Address], grains["segmentationcoordinator"].Keys);
    }

    [PostgresFact]
    public async Task Customers_beyond_the_limit_leave_memory_and_their_grains_with_them()
    {
        const int customers = 200;
        await using var cluster = await TestCluster.StartAsync(
            "leaving", silos: 1, new EngineOptions { ScheduleSegmentations = false, ActiveCustomersMax = 10, CheckpointMs = 100 });
        for (var i = 0; i < customers; i++)
        {
            TrackReceipt receipt;
            do
            {
                receipt = (await cluster.Engine.TrackAsync([Events.Of($"c{i}", Events.Order("m1", i))]))[0];
            }
            while (receipt.Outcome == TrackOutcome.Overloaded);
            Assert.Equal(TrackOutcome.Committed, receipt.Outcome);
        }

        await Waiting.UntilAsync(async () => (await GrainCounts.ReadAsync(cluster.Silos[0])).GetValueOrDefault("customer")?.Values.Sum() is null or <= 10);
        for (var i = 0; i < customers; i++)
        {
            await Waiting.UntilAsync(async () => await TryReadAsync(cluster, $"c{i}") == i);
        }
    }

    [PostgresFact]
    public async Task Texts_are_read_once_where_the_customer_is_and_go_along_when_histories_join()
    {
        await using var cluster = await TestCluster.StartAsync("texts", silos: 0);
        var encoders = new[] { new ScriptedTextEncoder("1"), new ScriptedTextEncoder("1") };
        foreach (var encoder in encoders)
        {
            await cluster.AddSiloAsync(new SiloDuties { Texts = encoder });
        }
        const int customers = 8;
        for (var i = 0; i < customers; i++)
        {
            await cluster.Silos[i % 2].Engine.TrackAsync([Events.Of($"anon{i}", Events.Review("a", $"a lovely mug {i}"))]);
            await cluster.Silos[i % 2].Engine.TrackAsync([Events.Of($"user{i}", Events.Identify("b", $"anon{i}"))]);
            var text = (await cluster.Silos[(i + 1) % 2].Engine.Customer($"anon{i}").GetAsync())!.Text!;

            Assert.Equal(("words 1", 1L), (text.Model, text.Texts));
        }
        Assert.Equal(customers, encoders.Sum(e => e.Texts.Count));
    }

    /// <summary>Null while there is no room for another customer.</summary>
    private static async Task<double?> TryReadAsync(TestCluster cluster, string customer)
    {
        try
        {
            return (await cluster.Engine.Customer(customer).GetAsync())!.Features["monetary"];
        }
        catch (EngineBusyException)
        {
            return null;
        }
    }
}
