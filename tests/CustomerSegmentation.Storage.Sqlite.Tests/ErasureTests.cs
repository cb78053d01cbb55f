using System.Text;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class ErasureTests
{
    private const int Customers = 2_000;
    private const int Rounds = 4;
    private const string Victim = "victim@example.org";
    private const string Secret = "SECRET-OF-THE-VICTIM";

    [Fact]
    public async Task Erased_customer_is_in_no_file_of_the_database()
    {
        using var folder = new TemporaryFolder();
        await using (var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = folder.DatabasePath }, TimeProvider.System))
        {
            await FillAsync(storage);
            Assert.True(Holds(folder, Victim) && Holds(folder, Secret));

            await storage.Customers.EraseAsync(Victim);
        }

        Assert.False(Holds(folder, Victim));
        Assert.False(Holds(folder, Secret));
        Assert.True(Holds(folder, "customer-7@"));
    }

    /// <summary>Snapshots that grow and shrink, segments that change: pages split, cells move, rows are rewritten.</summary>
    private static async Task FillAsync(SqliteStorage storage)
    {
        var random = new Random(11);
        var ids = Enumerable.Range(0, Customers).Select(i => i == Customers / 2 ? Victim : $"customer-{i}@example.org").ToArray();
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
            storage.Rejections.Append([.. ids.Where((_, i) => i % 10 == 0).Select(id => Records.Rejection($"{id} sent {Secret}", id))]);
        }
    }

    private static byte[] Content(string id, Random random)
    {
        var secret = id == Victim ? Secret : "nothing";
        return Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat($"{id} {secret};", 1 + random.Next(30))));
    }

    private static bool Holds(TemporaryFolder folder, string text) =>
        Directory.GetFiles(folder.Path).Any(file => Read(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0);

    private static byte[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var memory = new MemoryStream();
        stream.CopyTo(memory);
        return memory.ToArray();
    }
}
