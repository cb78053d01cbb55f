using System.Globalization;
using CustomerSegmentation.Benchmarks.Journal;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>
/// Durable events a second through the whole engine (duplicate window, features, journal, receipts, snapshots written behind), beside a bare loop of
/// multi-row inserts of rows of the same size for the same customers into the same schema: <c>engine [events] [rounds]</c>.
/// </summary>
internal static class EngineIngestion
{
    private const int Customers = 10_000;
    private const int CallsAtOnce = 96;

    public static async Task RunAsync(string[] args)
    {
        var events = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300_000;
        var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        var folder = Directory.CreateTempSubdirectory("engine-benchmark-").FullName;
        var (bare, engine) = (new List<double>(), new List<double>());
        Console.WriteLine("| round | bare loop rows/s | engine events/s | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        try
        {
            for (var round = 1; round <= rounds; round++)
            {
                bare.Add(await MeasureAsync(folder, events, (options, workload) => Task.FromResult(BareLoop.Run(options, workload))));
                engine.Add(await MeasureAsync(folder, events, SendAsync));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {bare[^1]:N0} | {engine[^1]:N0} | {engine[^1] / bare[^1]:P0} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        var ratio = engine.Zip(bare, (e, b) => e / b).Order().ElementAt(rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratio:P0}, {events:N0} events of {EngineLoad.PayloadBytes} bytes"));
    }

    private static async Task<double> MeasureAsync(string folder, int events, Func<SqliteStorageOptions, Workload, Task<TimeSpan>> run)
    {
        var options = new SqliteStorageOptions { Path = Path.Combine(folder, $"{Guid.NewGuid():N}.db") };
        var workload = await CreateWorkloadAsync(options, events);
        var elapsed = await run(options, workload);
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Delete(file);
        }
        return events / elapsed.TotalSeconds;
    }

    private static async Task<Workload> CreateWorkloadAsync(SqliteStorageOptions options, int events)
    {
        await using var storage = await SqliteStorage.OpenAsync(options, TimeProvider.System);
        return await Workload.CreateAsync(storage, Customers, events, EngineLoad.PayloadBytes);
    }

    private static async Task<TimeSpan> SendAsync(SqliteStorageOptions options, Workload workload)
    {
        File.Delete(options.Path);
        await using var storage = await SqliteStorage.OpenAsync(options, TimeProvider.System);
        return await EngineLoad.RunAsync(storage, workload, CallsAtOnce);
    }
}
