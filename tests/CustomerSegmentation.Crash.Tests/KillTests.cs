using System.Net.Http.Json;
using System.Text.Json;
using CustomerSegmentation.Crash.Tests.Checking;
using CustomerSegmentation.Crash.Tests.Load;
using CustomerSegmentation.Crash.Tests.Service;
using Xunit.Abstractions;

namespace CustomerSegmentation.Crash.Tests;

/// <summary>A process that is killed keeps what it acknowledged, and comes back by itself; the same on every storage.</summary>
public abstract class KillTests(ITestOutputHelper output)
{
    private const int Kills = 12;

    [Fact]
    public virtual async Task Service_killed_a_dozen_times_keeps_every_acknowledged_event_exactly_once()
    {
        var seed = Seeds.Next(output);
        var random = new Random(seed);
        await using var shop = await OpenAsync("CheckpointMs=400");
        await shop.StartAsync();
        var ledger = new Ledger();
        await using var traffic = new Traffic(shop, ledger, seed);
        await traffic.UntilAsync(traffic.Answers.GrowsAsync(40));
        await ReclusterAsync(shop);
        for (var kill = 1; kill <= Kills; kill++)
        {
            var moment = await ReachMomentAsync(shop, traffic, random);
            await shop.KillAsync();
            output.WriteLine($"kill {kill} {moment}: {ledger.Count} events acknowledged");
            shop.Launch();
            if (random.Next(3) == 0)
            {
                // Once more, before it serves.
                await shop.Process.LogsAsync("Opened");
                await shop.KillAsync();
                shop.Launch();
            }

            await shop.OpenAsync();
        }

        await traffic.UntilAsync(traffic.Answers.GrowsAsync(10));
        await traffic.FinishAsync();
        output.WriteLine($"{ledger.Count} events in {traffic.Answers.Count} batches, {traffic.Losses.Count} lost, {traffic.Refusals.Count} refused");
        await Audit.AssertExactAsync(shop, ledger);
    }

    [Fact]
    public virtual async Task Profiles_behind_their_journal_are_caught_up_at_the_start_without_a_visit()
    {
        var seed = Seeds.Next(output);
        var ledger = new Ledger();
        await using var shop = await OpenAsync("CheckpointMs=3600000", "VisibleCheckpointMs=60000");
        await shop.StartAsync();
        await using (var traffic = new Traffic(shop, ledger, seed, clients: 2))
        {
            await traffic.UntilAsync(traffic.Answers.GrowsAsync(30));
            await traffic.FinishAsync();
        }

        Assert.Empty(await shop.ListAsync("api/customers"));
        await shop.KillAsync();
        await shop.StartAsync();

        await Audit.AssertIndexAsync(shop, ledger.ByCustomer());
        await shop.Process.LogsAsync($"Recovered {ledger.ByCustomer().Count} customers whose profiles were behind their journals");
        await Audit.AssertExactAsync(shop, ledger);
        await shop.StartAsync();
        Assert.Contains("clean stop before: True", shop.Process.Log, StringComparison.Ordinal);
    }

    /// <summary>A shop on a new storage.</summary>
    private protected abstract Task<Shop> OpenAsync(params string[] options);

    /// <summary>Waits for a random moment in the life of the process; what it was.</summary>
    private static async Task<string> ReachMomentAsync(Shop shop, Traffic traffic, Random random)
    {
        switch (random.Next(6))
        {
            case 0:
                return "as it began to serve";
            case 1:
                await traffic.UntilAsync(traffic.Answers.GrowsAsync(1 + random.Next(60)));
                using (await (await shop.ClientAsync()).PostAsJsonAsync("api/segmentations", new { segmentCount = 3 + random.Next(3) }))
                {
                    await traffic.UntilAsync(traffic.Answers.GrowsAsync(random.Next(12)));
                    return "during a re-clustering";
                }

            default:
                await traffic.UntilAsync(traffic.Answers.GrowsAsync(1 + random.Next(120)));
                return "under load";
        }
    }

    /// <summary>Segments, so that the kills meet customers who move between them.</summary>
    private static async Task ReclusterAsync(Shop shop)
    {
        var http = await shop.ClientAsync();
        using var response = await http.PostAsJsonAsync("api/segmentations", new { segmentCount = 4 });
        var version = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement.GetProperty("version").GetInt32();
        string? status;
        while ((status = (await shop.GetAsync($"api/segmentations/{version}")).GetProperty("status").GetString()) != "active")
        {
            Assert.DoesNotContain(status, (string[])["failed", "cancelled"]);
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }
    }
}
