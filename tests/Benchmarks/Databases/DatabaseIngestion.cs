using System.Globalization;
using CustomerSegmentation.Benchmarks.Ingestion;
using CustomerSegmentation.Benchmarks.Journal;
using CustomerSegmentation.Storage.Postgres;

namespace CustomerSegmentation.Benchmarks.Databases;

/// <summary>
/// Durable events a second through the whole engine into PostgreSQL, beside bare loops over the same table and beside a plain design on Redis, alternating in
/// one run on one machine: <c>databases [events] [rounds] [part of a name]</c>. Everybody has the same customers in the same order.
/// </summary>
internal static class DatabaseIngestion
{
    private const int Customers = 10_000;
    private const int CallsAtOnce = 64;
    private const int RowsPerArray = 1_000;
    private const int SingleRows = 4_000;

    public static async Task RunAsync(string[] args)
    {
        var events = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 200_000;
        var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        (string Name, Func<Task<double>> Measure)[] contestants =
        [
            ("engine", () => MeasureEngineAsync(events)),
            ("arrays, 1 writer", () => MeasureAsync(events, events, (options, workload) => ArrayInserts.RunAsync(options, workload, events, RowsPerArray, 1))),
            ("arrays, 2 writers", () => MeasureAsync(events, events, (options, workload) => ArrayInserts.RunAsync(options, workload, events, RowsPerArray, 2))),
            ("single, 1 writer", () => MeasureAsync(events, SingleRows, (options, workload) => ArrayInserts.RunAsync(options, workload, SingleRows, 1, 1))),
            ("single, 2 writers", () => MeasureAsync(events, SingleRows, (options, workload) => ArrayInserts.RunAsync(options, workload, SingleRows, 1, 2))),
            ("Redis, all features", () => MeasureRedisAsync(events, all: true)),
            ("Redis, 5 commands", () => MeasureRedisAsync(events, all: false)),
        ];
        contestants = [.. contestants.Where(c => args.Length < 3 || c.Name == "engine" || c.Name.Contains(args[2], StringComparison.Ordinal))];
        Console.WriteLine($"| round | {string.Join(" | ", contestants.Select(c => c.Name))} |");
        Console.WriteLine($"|---|{string.Concat(Enumerable.Repeat("---:|", contestants.Length))}");
        var rates = contestants.ToDictionary(c => c.Name, _ => new List<double>());
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var (name, measure) in contestants)
            {
                rates[name].Add(await measure());
            }

            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {string.Join(" | ", contestants.Select(c => $"{rates[c.Name][^1]:N0}"))} |"));
        }

        foreach (var (name, _) in contestants.Skip(1))
        {
            var ratio = rates["engine"].Zip(rates[name], (e, other) => e / other).Order().ElementAt(rounds / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"- engine to {name}: {ratio:N2} (median of the rounds)"));
        }
    }

    private static async Task<double> MeasureEngineAsync(int events)
    {
        await using var schema = await BenchmarkSchema.CreateAsync();
        await using var storage = await PostgresStorage.OpenAsync(schema.Options, TimeProvider.System);
        return events / (await EngineLoad.RunAsync(storage, CreateWorkload(events), CallsAtOnce)).TotalSeconds;
    }

    private static async Task<double> MeasureAsync(int events, int counted, Func<PostgresStorageOptions, Workload, Task<TimeSpan>> run)
    {
        await using var schema = await BenchmarkSchema.CreateAsync();
        await using var storage = await PostgresStorage.OpenAsync(schema.Options, TimeProvider.System);
        var workload = await Workload.CreateAsync(storage, Customers, events, EngineLoad.PayloadBytes);
        return counted / (await run(schema.Options, workload)).TotalSeconds;
    }

    private static async Task<double> MeasureRedisAsync(int events, bool all)
    {
        await using var server = await RedisServer.StartAsync();
        return events / (await RedisPipelines.RunAsync(server.Port, CreateWorkload(events), events, EngineLoad.EventsPerCall, CallsAtOnce, all)).TotalSeconds;
    }

    private static Workload CreateWorkload(int events) =>
        Workload.Create([.. Enumerable.Range(0, Customers).Select(i => $"customer-{i:D8}")], events, EngineLoad.PayloadBytes);
}
