using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.SiloHost.Simulation;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Postgres;
using CustomerSegmentation.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>
/// What a customer costs: managed memory of one whose actor is active, and bytes in the database of one who is idle, beside the journal of events. The
/// customers are those of the simulated shop with 90 days of history and a segment: <c>memory [customers] [sqlite|postgres]</c>.
/// </summary>
internal static class CustomerMemory
{
    public static async Task RunAsync(string[] args)
    {
        var customers = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
        if (args.Length > 1 && args[1] == "postgres")
        {
            await using var schema = await BenchmarkSchema.CreateAsync();
            var total = await MeasureAsync(() => PostgresStorage.OpenAsync(schema.Options, TimeProvider.System), customers);
            Console.WriteLine(await TableSizes.DescribeAsync(schema.Options, customers, total));
            return;
        }

        var folder = Directory.CreateTempSubdirectory("memory-benchmark-").FullName;
        try
        {
            var path = Path.Combine(folder, "customers.db");
            var events = await MeasureAsync(() => SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = path }, TimeProvider.System), customers);
            Console.WriteLine(Footprint.Describe(path, customers, events));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Fills a shop and says what it takes of memory.</summary>
    /// <returns>Its events.</returns>
    private static async Task<long> MeasureAsync<TStorage>(Func<Task<TStorage>> open, int customers)
        where TStorage : IStorage
    {
        var before = GC.GetTotalMemory(forceFullCollection: true);
        await using var storage = await open();
        await using var engine = await EmbeddedEngine.StartAsync(
            storage, new EngineOptions { ScheduleSegmentations = false, IdleSeconds = 86_400 }, TimeProvider.System, NullLoggerFactory.Instance, TaskScheduler.Default);
        var events = await FillAsync(engine, customers);
        await engine.FlushAsync();
        var started = await engine.Coordinator.StartAsync(new SegmentationRequest());
        while ((await engine.Coordinator.GetAsync(started.Version))!.Status != SegmentationStatus.Active)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System);
        }
        for (var i = 0; i < 50; i++)
        {
            GC.Collect();
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        var (active, estimated) = engine.Active;
        var bytes = GC.GetTotalMemory(forceFullCollection: true) - before;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{active:N0} active customers with {events:N0} events: {bytes / active:N0} bytes of managed memory each (the engine's own estimate: {estimated / active:N0})"));
        return events;
    }

    private static async Task<long> FillAsync(EmbeddedEngine engine, int customers)
    {
        var options = new SimulationOptions { Customers = customers, HistoryDays = 90, Start = TimeProvider.System.GetUtcNow().AddDays(-90) };
        long events = 0;
        foreach (var chunk in new ShopSimulation(options).Events().TakeWhile(e => e.Event.TimestampMs < TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()).Chunk(2_000))
        {
            var receipts = await engine.TrackAsync([.. chunk.Select(e => new TrackRequest { CustomerId = e.CustomerId, Events = [e.Event] })]);
            events += receipts.Sum(r => r.Accepted);
        }
        return events;
    }
}
