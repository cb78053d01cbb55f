using System.Collections.Concurrent;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Engine.Orleans.Tests;

public sealed class LossTests
{
    private const int Customers = 60;

    [PostgresFact]
    public async Task Silo_that_ends_in_a_hurry_under_load_loses_nothing_that_was_acknowledged()
    {
        await using var cluster = await TestCluster.StartAsync("loss");
        var survivor = cluster.Silos[0].Engine;
        var acknowledged = new ConcurrentDictionary<string, bool>();
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 4).Select(sender => SendAsync(survivor, sender, acknowledged, stop.Token)).ToList();
        await UntilAsync(() => acknowledged.Count >= 200);

        await cluster.KillAsync(cluster.Silos[1]);
        var before = acknowledged.Count;
        await UntilAsync(() => acknowledged.Count >= before + 400);
        await stop.CancelAsync();
        await Task.WhenAll(senders);

        await EveryEventCountsOnceAsync(survivor, acknowledged.Keys);
    }

    [PostgresFact]
    public async Task Silos_rolled_one_at_a_time_under_load_fail_no_call_beyond_the_clients_retries()
    {
        await using var cluster = await TestCluster.StartAsync("roll");
        var outside = await cluster.ConnectAsync();
        var acknowledged = new ConcurrentDictionary<string, bool>();
        using var stop = new CancellationTokenSource();
        var senders = Enumerable.Range(0, 4).Select(sender => SendAsync(outside, sender, acknowledged, stop.Token, attemptsMax: 1)).ToList();
        foreach (var old in cluster.Silos.ToList())
        {
            var before = acknowledged.Count;
            await UntilAsync(() => acknowledged.Count >= before + 200);
            await cluster.AddSiloAsync();
            await cluster.StopAsync(old);
        }
        await stop.CancelAsync();
        await Task.WhenAll(senders);

        await EveryEventCountsOnceAsync(cluster.Engine, acknowledged.Keys);
    }

    /// <summary>Sends each event until it has a receipt, as every sender does.</summary>
    private static async Task SendAsync(
        Contracts.ISegmentationEngine engine, int sender, ConcurrentDictionary<string, bool> acknowledged, CancellationToken stop,
        int attemptsMax = 600)
    {
        for (var i = 0; !stop.IsCancellationRequested; i++)
        {
            var (customer, message) = ($"c{i % Customers}", $"{sender}-{i}");
            var e = Events.Order(message, 1);
            for (var attempt = 0; ; attempt++)
            {
                var receipt = (await engine.TrackAsync([Events.Of(customer, e)], CancellationToken.None))[0];
                if (receipt.Outcome == TrackOutcome.Committed)
                {
                    break;
                }
                Assert.True(attempt + 1 < attemptsMax, receipt.Reason);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, CancellationToken.None);
            }
            acknowledged[$"{customer}/{message}"] = true;
        }
    }

    private static async Task EveryEventCountsOnceAsync(Contracts.ISegmentationEngine engine, ICollection<string> acknowledged)
    {
        double total = 0;
        for (var c = 0; c < Customers; c++)
        {
            total += (await engine.Customer($"c{c}").GetAsync())?.Features["monetary"] ?? 0;
        }
        Assert.Equal(acknowledged.Count, total);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        var begun = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(begun) < TimeSpan.FromMinutes(2), "nothing moved for two minutes");
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
