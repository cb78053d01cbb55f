using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CustomerSegmentation.Crash.Tests.Checking;
using CustomerSegmentation.Crash.Tests.Disk;
using CustomerSegmentation.Crash.Tests.Load;
using CustomerSegmentation.Crash.Tests.Service;
using Xunit.Abstractions;

namespace CustomerSegmentation.Crash.Tests;

/// <summary>What may be left of the files in a data folder, and what a start makes of it.</summary>
public sealed class DamageTests : IAsyncLifetime
{
    private readonly ITestOutputHelper _output;
    private readonly TemporaryFolder _folder = new();
    private readonly Ledger _ledger = new();
    private readonly Shop _shop;

    public DamageTests(ITestOutputHelper output)
    {
        _output = output;
        _shop = new Shop(new Home(_folder.Path)) { Options = ["CheckpointMs=100"] };
    }

    private string WriteAheadLog => _shop.Home.Database + "-wal";

    /// <summary>A service with some acknowledged history, part of it in snapshots.</summary>
    public async Task InitializeAsync()
    {
        await _shop.StartAsync();
        await using var traffic = new Traffic(_shop, _ledger, Seeds.Next(_output), clients: 2, customers: 60);
        await traffic.UntilAsync(traffic.Answers.GrowsAsync(60));
        await traffic.FinishAsync();
    }

    public async Task DisposeAsync()
    {
        await _shop.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Damaged_snapshots_are_reported_and_made_anew_from_the_journal()
    {
        string[] damages =
        [
            "substr(state, 1, length(state) / 2)",
            "zeroblob(length(state))",
            "x'00'",
            "substr(state, 1, 40) || x'a55aa55aa55aa55a' || substr(state, 49)",
        ];
        var before = await Audit.ViewsAsync(_shop, _ledger.ByCustomer().Keys);
        Assert.Equal(0, await _shop.StopAsync());
        var damaged = damages.Select((damage, number) =>
            Sqlite.Execute(_shop.Home.Database, $"UPDATE snapshot SET state = CAST({damage} AS BLOB) WHERE customer % 5 = {number}")).ToList();
        Assert.DoesNotContain(0, damaged);

        await _shop.StartAsync();
        var after = await Audit.ViewsAsync(_shop, before.Keys);

        Assert.All(before, pair => Assert.Equal(WithoutEncoder(pair.Value), WithoutEncoder(after[pair.Key])));
        await Audit.AssertExactAsync(_shop, _ledger);
        Assert.Equal(damaged.Sum(), Regex.Count(_shop.Process.Log, "The snapshot of customer .* is damaged; recovering from the journal"));
    }

    /// <summary>What a model says of a customer is in no event: it reads them anew, in the background.</summary>
    private static string WithoutEncoder(JsonElement view)
    {
        var known = JsonObject.Create(view)!;
        known.Remove("encoder");
        return known.ToJsonString();
    }

    [Fact]
    public async Task Lost_index_and_torn_end_of_the_write_ahead_log_cost_nothing()
    {
        await _shop.KillAsync();
        File.Delete(_shop.Home.Database + "-shm");
        var log = await File.ReadAllBytesAsync(WriteAheadLog);
        await using (var file = File.Open(WriteAheadLog, FileMode.Append))
        {
            // Frames of a transaction that did not get to its end, the last of them cut short.
            await file.WriteAsync(log.AsMemory(32, Math.Min(20_001, log.Length - 32)));
        }

        await _shop.StartAsync();

        Assert.Equal(0, await Resend.EverythingAsync(_shop, _ledger));
        await Audit.AssertExactAsync(_shop, _ledger);
    }

    /// <summary>No disk that keeps its word loses what was synced; when one did, the rest must still be sound.</summary>
    [Fact]
    public async Task Write_ahead_log_cut_short_leaves_whole_transactions_and_what_is_sent_again_fills_the_gap()
    {
        var random = new Random(Seeds.Next(_output));
        await _shop.KillAsync();
        using (var file = File.Open(WriteAheadLog, FileMode.Open))
        {
            file.SetLength(random.NextInt64(file.Length / 2, file.Length));
        }

        await _shop.StartAsync();
        var kept = (await Audit.ExportEventsAsync(_shop.Home)).Count;
        var taken = await Resend.EverythingAsync(_shop, _ledger);

        _output.WriteLine($"{kept} of {_ledger.Count} events were left");
        Assert.InRange(kept, 1, _ledger.Count);
        Assert.Equal(_ledger.Count, kept + taken);
        await Audit.AssertExactAsync(_shop, _ledger);
    }

    [Fact]
    public async Task Folder_of_a_killed_service_is_free_for_a_command()
    {
        await _shop.KillAsync();
        Assert.True(File.Exists(Path.Combine(_shop.Home.Folder, "owner.json")));

        Assert.Equal(_ledger.Count, (await Audit.ExportEventsAsync(_shop.Home)).Count);
    }
}
