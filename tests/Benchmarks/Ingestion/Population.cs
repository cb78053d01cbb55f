using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using System.Diagnostics;
using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Postgres;
using CustomerSegmentation.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>
/// Rate and memory while a shop grows to a million customers, with a limit on those in memory: <c>population sqlite|postgres [customers]</c>. At any moment
/// <see cref="Shopping"/> customers shop, each for five events; one event in twenty is of somebody who came before.
/// </summary>
internal static class Population
{
    private const int Shopping = 20_000;
    private const int EventsPerCustomer = 5;
    private const int CallsAtOnce = 64;
    private const int Parts = 10;
    private const long ActiveBytesMax = 256L << 20;

    public static async Task RunAsync(string[] args)
    {
        var database = args is ["postgres", ..] ? "PostgreSQL" : "SQLite";
        var customers = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("population-benchmark-").FullName;
        try
        {
            if (database == "SQLite")
            {
                await using var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = Path.Combine(folder, "customers.db") }, TimeProvider.System);
                await GrowAsync(database, storage, customers);
            }
            else
            {
                await using var schema = await BenchmarkSchema.CreateAsync();
                await using var storage = await PostgresStorage.OpenAsync(schema.Options, TimeProvider.System);
                await GrowAsync(database, storage, customers);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task GrowAsync(string database, IStorage storage, int customers)
    {
        var options = new EngineOptions { ScheduleSegmentations = false, ActiveCustomersMax = 200_000, ActiveBytesMax = ActiveBytesMax };
        await using var engine = await EmbeddedEngine.StartAsync(storage, options, TimeProvider.System, NullLoggerFactory.Instance, TaskScheduler.Default);
        var random = new Random(1);
        var rates = new List<double>();
        Console.WriteLine($"{database}, at most {ActiveBytesMax >> 20} MiB of customers in memory");
        Console.WriteLine("| customers | events | events/s | sent again | in memory | estimated MiB | managed MiB | working set MiB |");
        Console.WriteLine("|---:|---:|---:|---:|---:|---:|---:|---:|");
        var perPart = (long)customers * EventsPerCustomer / Parts;
        for (var part = 0; part < Parts; part++)
        {
            var first = part * perPart;
            var start = Stopwatch.GetTimestamp();
            var again = await EngineLoad.SendAsync(engine, Events(first, perPart, random).Chunk(EngineLoad.EventsPerCall), CallsAtOnce);
            rates.Add(perPart / Stopwatch.GetElapsedTime(start).TotalSeconds);
            var (active, bytes) = engine.Active;
            using var process = Process.GetCurrentProcess();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {Math.Min(customers, (first + perPart) / EventsPerCustomer + Shopping):N0} | {first + perPart:N0} | {rates[^1]:N0} | {again:N0} | {active:N0} | {bytes >> 20:N0} | {GC.GetTotalMemory(true) >> 20:N0} | {process.WorkingSet64 >> 20:N0} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"the last tenth at {rates[^1] / rates[0]:P0} of the first tenth's rate"));
    }

    private static IEnumerable<TrackRequest> Events(long first, long count, Random random)
    {
        for (var message = first; message < first + count; message++)
        {
            var newest = message / EventsPerCustomer;
            var customer = random.Next(20) == 0 ? random.NextInt64(newest + 1) : newest + random.Next(Shopping);
            yield return EngineLoad.Request($"customer-{customer:D8}", message, 0);
        }
    }
}
