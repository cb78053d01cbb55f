using System.Text;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class ErasureTests
{
    private const int Customers = 2_000;
    private const int Rounds = 4;
    private const int VictimEvery = 20;
    private const string Victim = "victim-";
    private const string Secret = "SECRET-OF-THE-VICTIM";

    [Fact]
    public async Task Erased_customers_are_in_no_file_of_the_database()
    {
        using var folder = new TemporaryFolder();
        await using (var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = folder.DatabasePath }, TimeProvider.System))
        {
            await FillAsync(storage);
            Assert.NotEmpty(WhereIs(folder, Victim));
            Assert.NotEmpty(WhereIs(folder, Secret));

            await Task.WhenAll(Enumerable.Range(0, Customers / VictimEvery).Select(i => storage.Customers.EraseAsync([$"{Victim}{i * VictimEvery}"])));
        }

        Assert.Equal([], WhereIs(folder, Victim));
        Assert.Equal([], WhereIs(folder, Secret));
        Assert.NotEmpty(WhereIs(folder, "customer-7@"));
    }

    [Fact]
    public async Task Database_that_is_too_large_to_rewrite_now_is_rewritten_by_a_process_that_allows_it()
    {
        using var folder = new TemporaryFolder();
        await using (var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = folder.DatabasePath, ScrubBytesMax = 1 }, TimeProvider.System))
        {
            await FillAsync(storage);
            await storage.Customers.EraseAsync([$"{Victim}0"]);
        }

        Assert.Equal(1, ScrubDue(folder));
        await (await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = folder.DatabasePath, ScrubBytesMax = 0 }, TimeProvider.System)).DisposeAsync();

        Assert.Equal(0, ScrubDue(folder));
        Assert.Equal([], WhereIs(folder, $"{Victim}0 "));
    }

    private static long ScrubDue(TemporaryFolder folder)
    {
        using var database = Database.Open(folder.DatabasePath, write: false);
        return database.ExecuteScalar("SELECT value FROM meta WHERE name = 'scrub_due'");
    }

    /// <summary>Snapshots that grow and shrink, segments that change: pages split, cells move, rows are rewritten.</summary>
    private static async Task FillAsync(SqliteStorage storage)
    {
        var random = new Random(11);
        var ids = Enumerable.Range(0, Customers).Select(i => i % VictimEvery == 0 ? $"{Victim}{i}" : $"customer-{i}@example.org").ToArray();
        var keys = new long[Customers];
        for (var round = 1; round <= Rounds; round++)
        {
            var appends = ids.Select((id, i) => new JournalAppend(id, keys[i], round, 1, Content(id, random), 0, 0)).ToArray();
            foreach (var append in appends)
            {
                storage.Journal.TryAppend(append);
            }

            await Task.WhenAll(appends.Select(a => a.Completion));
            keys = [.. appends.Select(a => a.CustomerKey)];
            var checkpoints = new List<CustomerCheckpoint>();
            foreach (var i in Enumerable.Range(0, Customers).OrderBy(_ => random.Next()))
            {
                var template = Records.Checkpoint(ids[i], keys[i], round, Records.Assignment($"segment-{random.Next(5)}"), audiences: ["vip"]);
                checkpoints.Add(new CustomerCheckpoint
                {
                    CustomerId = ids[i],
                    CustomerKey = keys[i],
                    Sequence = round,
                    State = Content(ids[i], random),
                    Profile = template.Profile,
                });
            }

            await storage.Customers.CheckpointAsync(checkpoints);
            storage.Rejections.Append([.. ids.Where((_, i) => i % 10 == 0).Select(id => Records.Rejection($"{id} sent {(id.StartsWith(Victim, StringComparison.Ordinal) ? Secret : "nothing")}", id))]);
        }
    }

    private static byte[] Content(string id, Random random)
    {
        var secret = id.StartsWith(Victim, StringComparison.Ordinal) ? Secret : "nothing";
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{id} {secret};", 1 + random.Next(30))));
    }

    /// <summary>Files with the text, with the text around its first place.</summary>
    private static IEnumerable<string> WhereIs(TemporaryFolder folder, string text)
    {
        foreach (var file in Directory.GetFiles(folder.Path))
        {
            var bytes = Read(file);
            var at = bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text));
            if (at >= 0)
            {
                yield return $"{Path.GetFileName(file)} at {at}: {Encoding.Latin1.GetString(bytes.AsSpan(Math.Max(0, at - 60))[..120])}";
            }
        }
    }

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
