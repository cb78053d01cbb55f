using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

public sealed class FenceTests
{
    /// <summary>Two clusters that do not know of each other have an activation each, as the halves of a torn network would.</summary>
    [PostgresFact]
    public async Task Two_activations_of_a_customer_take_every_event_once_and_leave_no_gap()
    {
        await using var one = await TestCluster.StartAsync("fence", silos: 1);
        await using var other = await TestCluster.StartAsync("torn", silos: 1, beside: one);
        const int rounds = 50;
        var events = Enumerable.Range(0, rounds).Select(i => (One: Events.Order($"one-{i}", 1), Other: Events.Order($"other-{i}", 1))).ToList();

        for (var i = 0; i < rounds; i++)
        {
            var sequences = await Task.WhenAll(SendAsync(one, events[i].One), SendAsync(other, events[i].Other));
            Assert.NotEqual(sequences[0], sequences[1]);
        }
        // The same messages again, to whoever did not take them.
        for (var i = 0; i < rounds; i++)
        {
            await SendAsync(other, events[i].One);
        }

        var sequence = 0L;
        await foreach (var record in one.Silos[0].Storage.Journal.ReadAsync("ada", 0))
        {
            Assert.Equal(sequence + 1, record.FirstSequence);
            sequence += record.Count;
        }
        Assert.Equal(2 * rounds, sequence);
        // An activation learns of what the other one wrote with its own next event.
        await SendAsync(other, Events.Order("last", 1));
        Assert.Equal((2 * rounds) + 1, (await other.Engine.Customer("ada").GetAsync())!.Features["monetary"]);
    }

    private static async Task<long> SendAsync(TestCluster cluster, CustomerEvent e)
    {
        while (true)
        {
            var receipt = await cluster.Engine.Customer("ada").TrackAsync(Events.Of("ada", e));
            if (receipt.Outcome == TrackOutcome.Committed)
            {
                return receipt.Sequence;
            }
            Assert.Equal(TrackOutcome.Unavailable, receipt.Outcome);
        }
    }
}
