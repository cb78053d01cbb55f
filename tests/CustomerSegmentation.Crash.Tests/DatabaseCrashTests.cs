using System.Net;
using System.Text.Json;
using CustomerSegmentation.Crash.Tests.Checking;
using CustomerSegmentation.Crash.Tests.Disk;
using CustomerSegmentation.Crash.Tests.Load;
using CustomerSegmentation.Crash.Tests.Service;
using CustomerSegmentation.Storage.TestKit.Postgres;
using Xunit.Abstractions;

namespace CustomerSegmentation.Crash.Tests;

/// <summary>A PostgreSQL that goes away under a service that stays: no receipts meanwhile, and no restart when it is back.</summary>
public sealed class DatabaseCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Crashes = 6;

    private const int RefusalsPerCrash = 20;

    /// <summary>Less than a segment of the server's log.</summary>
    private const int WrittenBytesMax = 64 << 10;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [ThrowAwayServerFact]
    public async Task Database_that_crashes_under_load_gives_no_receipts_and_taking_events_resumes_when_it_is_back()
    {
        var seed = Seeds.Next(output);
        var random = new Random(seed);
        var ledger = new Ledger();
        await using var server = await ThrowAwayServer.StartAsync();
        await using var shop = Shop(server);
        await shop.StartAsync();
        await using var traffic = new Traffic(shop, ledger, seed);
        for (var crash = 0; crash < Crashes; crash++)
        {
            await traffic.UntilAsync(traffic.Answers.GrowsAsync(1 + random.Next(60)));
            var refused = traffic.Refusals.GrowsAsync(RefusalsPerCrash);
            await (crash % 2 == 0 ? server.KillAsync() : server.StopImmediatelyAsync());
            traffic.StorageIsAway = true;
            if (crash % 3 != 2)
            {
                await traffic.UntilAsync(refused);
                await AssertUnavailableAsync(shop);
            }

            // The others are back before anybody was refused: what waits is committed, or refused, but not forgotten.
            traffic.StorageIsAway = false;
            await server.StartAgainAsync();
            await traffic.UntilAsync(traffic.Answers.GrowsAsync(1));
            Assert.True(shop.Process.IsAlive, shop.Process.Log);
        }

        await traffic.UntilAsync(traffic.Answers.GrowsAsync(20));
        Assert.Equal("ready", (await shop.GetAsync("healthz/ready")).GetProperty("status").GetString());
        await traffic.FinishAsync();
        output.WriteLine($"{ledger.Count} events in {traffic.Answers.Count} batches, {traffic.Refusals.Count} refused");
        await Audit.AssertExactAsync(shop, ledger);
    }

    [ThrowAwayServerFact]
    public async Task Full_disk_under_the_database_refuses_events_for_now_and_taking_them_resumes_when_there_is_room()
    {
        await using var disk = await SmallDisk.TryMountAsync(128 << 20);
        output.WriteLine(disk is null ? "No disk can be mounted here: the size of files is limited instead." : disk.Path);
        var ledger = new Ledger();
        var folder = disk is null ? null : Directory.CreateDirectory(Path.Combine(disk.Path, "postgres")).FullName;
        await using var server = await ThrowAwayServer.StartAsync(folder);
        await using var shop = Shop(server);
        await shop.StartAsync();
        await using var traffic = new Traffic(shop, ledger, Seeds.Next(output));
        for (var round = 0; round < 2; round++)
        {
            await traffic.UntilAsync(traffic.Answers.GrowsAsync(20));
            disk?.Fill();
            await server.LimitFileSizeAsync(disk is null ? WrittenBytesMax : null);
            await traffic.UntilAsync(traffic.Refusals.GrowsAsync(RefusalsPerCrash));
            Assert.True(shop.Process.IsAlive, shop.Process.Log);
            disk?.Free();

            // It may have given up when it could not write its log.
            await server.StartAgainAsync();
            await server.LimitFileSizeAsync(null);
        }

        await traffic.UntilAsync(traffic.Answers.GrowsAsync(20));
        await traffic.FinishAsync();
        output.WriteLine($"{ledger.Count} events in {traffic.Answers.Count} batches, {traffic.Refusals.Count} refused");
        await shop.KillAsync();
        await shop.StartAsync();
        await Audit.AssertExactAsync(shop, ledger);
    }

    private Shop Shop(ThrowAwayServer server) => new(new Home(_folder.Path, "--postgres", server.ConnectionString))
    {
        Options = ["CheckpointMs=400", "Postgres:CommitTimeoutMs=500", "Postgres:ReconnectDelayMsMax=100"],
    };

    /// <summary>The service says that it takes no events, and answers no question that only the database could answer.</summary>
    private static async Task AssertUnavailableAsync(Shop shop)
    {
        var http = await shop.ClientAsync();
        using var ready = await http.GetAsync("healthz/ready");
        using var body = JsonDocument.Parse(await ready.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.StartsWith("the storage does not commit", body.RootElement.GetProperty("reason").GetString(), StringComparison.Ordinal);
        foreach (var path in (string[])["api/customers", "api/customers/stranger", "api/customers/customer-0/history"])
        {
            using var answer = await http.GetAsync(path);
            Assert.Equal((path, HttpStatusCode.ServiceUnavailable), (path, answer.StatusCode));
            Assert.NotNull(answer.Headers.RetryAfter);
        }
    }
}
