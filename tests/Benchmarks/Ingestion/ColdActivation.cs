using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using System.Diagnostics;
using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Postgres;
using CustomerSegmentation.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>
/// How long the first read of a customer takes who is not in memory, with and without events in the journal that no snapshot covers yet, on both databases:
/// <c>activation [customers]</c>.
/// </summary>
internal static class ColdActivation
{
    private const int EventsBefore = 100;
    private const int EventsBehind = 1_000;

    public static async Task RunAsync(string[] args)
    {
        var customers = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300;
        var folder = Directory.CreateTempSubdirectory("activation-benchmark-").FullName;
        try
        {
            Console.WriteLine("| database | journal after the snapshot | p50 ms | p95 ms | p99 ms |");
            Console.WriteLine("|---|---:|---:|---:|---:|");
            var options = new SqliteStorageOptions { Path = Path.Combine(folder, "customers.db") };
            await MeasureAsync("SQLite", async () => await SqliteStorage.OpenAsync(options, TimeProvider.System), customers);
            await using var schema = await BenchmarkSchema.CreateAsync();
            await MeasureAsync("PostgreSQL", async () => await PostgresStorage.OpenAsync(schema.Options, TimeProvider.System), customers);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task MeasureAsync(string database, Func<Task<IStorage>> openAsync, int customers)
    {
        string[] ids = [.. Enumerable.Range(0, customers).Select(i => $"customer-{i}")];
        await using (var storage = await openAsync())
        {
            await using var engine = await StartAsync(storage);
            for (var sequence = 1; sequence <= EventsBefore; sequence++)
            {
                await EngineLoad.SendAsync(engine, [[.. ids.Select((id, i) => EngineLoad.Request(id, i, sequence))]], callsAtOnce: 1);
            }
        }

        await ReadAsync(database, openAsync, ids, 0);
        await using (var storage = await openAsync())
        {
            await AppendAsync(storage, ids);
        }

        await ReadAsync(database, openAsync, ids, EventsBehind);
    }

    /// <summary>Events in rows of their own, which no snapshot follows: as after a crash.</summary>
    private static async Task AppendAsync(IStorage storage, string[] ids)
    {
        foreach (var (id, i) in ids.Select((id, i) => (id, i)))
        {
            var key = (await storage.Customers.LoadAsync(id))!.Key;
            JournalAppend? last = null;
            for (var sequence = EventsBefore + 1; sequence <= EventsBefore + EventsBehind; sequence++)
            {
                var events = EngineLoad.Request(id, i, sequence).Events;
                var time = events[0].TimestampMs;
                last = new JournalAppend(id, key, sequence, 1, EventCodec.Encode(events, 0, 1), time, time) { Previous = last };
                if (storage.Journal.TryAppend(last) != AppendResult.Queued)
                {
                    throw new InvalidOperationException("The journal's queue is full.");
                }
            }

            await last!.Completion;
        }
    }

    private static async Task ReadAsync(string database, Func<Task<IStorage>> openAsync, string[] ids, int behind)
    {
        await using var storage = await openAsync();
        await using var engine = await StartAsync(storage);
        var times = new List<double>();
        foreach (var id in ids)
        {
            var start = Stopwatch.GetTimestamp();
            var view = await engine.Customer(id).GetAsync();
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            if (view?.Sequence != EventsBefore + behind)
            {
                throw new InvalidOperationException($"{id} has {view?.Sequence} events.");
            }
        }

        // The first ones meet code that is not compiled yet.
        var warm = times.Skip(ids.Length / 4).ToList();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {database} | {behind:N0} | {HttpLoad.Percentile(warm, 0.5):N2} | {HttpLoad.Percentile(warm, 0.95):N2} | {HttpLoad.Percentile(warm, 0.99):N2} |"));
    }

    private static Task<EmbeddedEngine> StartAsync(IStorage storage) => EmbeddedEngine.StartAsync(
        storage, new EngineOptions { ScheduleSegmentations = false }, TimeProvider.System, NullLoggerFactory.Instance, TaskScheduler.Default);
}
