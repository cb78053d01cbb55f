using System.Globalization;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.Benchmarks.Journal;

/// <summary>
/// Bytes of an idle customer in the database, apart from its events: snapshot, profile row, names and indexes, after several rewrites of growing size.
/// </summary>
internal static class CustomerFootprint
{
    private const int Customers = 20_000;
    private const int StateBytes = 1_200;
    private const int Columns = 100;
    private const int Rewrites = 4;
    private const int Seed = 7;

    public static async Task<string> MeasureAsync(string folder)
    {
        var options = new SqliteStorageOptions { Path = Path.Combine(folder, "footprint.db") };
        await using (var storage = await SqliteStorage.OpenAsync(options, TimeProvider.System))
        {
            var appends = Enumerable.Range(0, Customers).Select(i => new JournalAppend($"customer-{i:D8}", 0, 1, 1, new byte[1], 0, 0)).ToArray();
            foreach (var append in appends)
            {
                storage.Journal.TryAppend(append);
            }

            await Task.WhenAll(appends.Select(a => a.Completion).Distinct());
            var random = new Random(Seed);
            for (var rewrite = 1; rewrite <= Rewrites; rewrite++)
            {
                random.Shuffle(appends);
                foreach (var chunk in appends.Chunk(1000))
                {
                    await storage.Customers.CheckpointAsync([.. chunk.Select(a => Checkpoint(a, StateBytes * rewrite / Rewrites, random))]);
                }
            }
        }

        var bytes = new FileInfo(options.Path).Length;
        return string.Create(
            CultureInfo.InvariantCulture,
            $"""
            # An idle customer in the database

            {Customers:N0} customers with a snapshot of {StateBytes:N0} bytes and a vector of {Columns} features, written {Rewrites} times in random order while
            the snapshot grows: **{bytes / (double)Customers:N0} bytes** a customer, the whole file counted.

            """);
    }

    private static CustomerCheckpoint Checkpoint(JournalAppend append, int stateBytes, Random random)
    {
        var state = new byte[stateBytes];
        random.NextBytes(state);
        var now = DateTimeOffset.UnixEpoch.AddDays(20_000).ToUnixTimeMilliseconds();
        return new CustomerCheckpoint
        {
            CustomerId = append.CustomerId,
            CustomerKey = append.CustomerKey,
            Sequence = 1,
            State = state,
            Profile = new ProfileRow
            {
                CustomerId = append.CustomerId,
                CustomerKey = append.CustomerKey,
                Vector = new float[Columns],
                SchemaHash = "schema",
                AsOfMs = now,
                Assignment = new ProfileAssignment(append.CustomerKey, $"segment-{random.Next(6)}", 1, 1, 0.9, now),
                Monetary = random.NextDouble() * 1000,
                Orders = 12,
                FirstSeenMs = now,
                LastSeenMs = now,
                DueMs = now + random.Next(1_000_000_000),
                Audiences = ["vip", "young"],
            },
        };
    }
}
