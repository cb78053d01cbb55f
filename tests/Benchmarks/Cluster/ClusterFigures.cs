using System.Globalization;
using CustomerSegmentation.Benchmarks.Cluster.Calls;
using CustomerSegmentation.Benchmarks.Cluster.GrainStates;
using CustomerSegmentation.Benchmarks.Cluster.Inference;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using CustomerSegmentation.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <summary>
/// What a cluster of two silos costs beside one process, on one machine with PostgreSQL, all in one run: <c>cluster rate | latency | memory | loss | state | client | inference</c>. Needs a
/// build with <c>-p:Orleans=true</c>.
/// </summary>
internal static class ClusterFigures
{
    public const int Customers = 4_000;
    public const int Callers = 48;

    public static EngineOptions Options => new() { ScheduleSegmentations = false, IdleSeconds = 86_400 };

    public static async Task RunAsync(string[] args)
    {
        var number = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 0;
        switch (args is [var part, ..] ? part : "")
        {
            case "rate":
                await RateAsync(number == 0 ? 5 : number, args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 3);
                break;
            case "outside":
                await ClusterOutside.RunAsync(number == 0 ? 7 : number, TimeSpan.FromSeconds(args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 4));
                break;
            case "latency":
                await ClusterLatency.RunAsync(number);
                break;
            case "memory":
                await ClusterMemory.RunAsync(number == 0 ? 20_000 : number, hasModel: !args.Contains("bare"));
                break;
            case "loss":
                await SiloLoss.RunAsync(number == 0 ? 3 : number);
                break;
            case "client":
                await CallComparison.RunAsync(number == 0 ? 3 : number, args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 2);
                break;
            case "inference":
                await DetourComparison.RunAsync(number == 0 ? 3 : number, args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : 2);
                break;
            case "state":
                await StateComparison.RunAsync(number == 0 ? 10_000 : number, args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 3);
                break;
            default:
                throw new ArgumentException(
                    "cluster rate [rounds] [seconds] | outside [rounds] [seconds] | latency [events/s] | memory [customers] [bare] | loss [rounds] | state [customers] [rounds] | client [rounds] [seconds] | inference [rounds] [seconds]",
                    nameof(args));
        }
    }

    public static async Task<EmbeddedEngine> StartEmbeddedAsync(PostgresStorage storage, IEncoder? encoder = null) =>
        await EmbeddedEngine.StartAsync(storage, Options, TimeProvider.System, NullLoggerFactory.Instance, TaskScheduler.Default, encoder);

    /// <summary>Calls of 64 events of a customer, each answered after its commit; the embedded engine and the cluster in turn, each in a schema of its own.</summary>
    private static async Task RateAsync(int rounds, double seconds)
    {
        var duration = TimeSpan.FromSeconds(seconds);
        var (beside, anywhere) = (new List<double>(), new List<double>());
        Console.WriteLine("| round | embedded events/s | beside the customer | ratio | from any silo | ratio |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|");
        // The first round is there for the just-in-time compiler.
        for (var round = 0; round <= rounds; round++)
        {
            var embedded = await EmbeddedAsync(duration);
            var (near, any) = await ClusterAsync(duration);
            if (round == 0)
            {
                continue;
            }

            beside.Add(near / embedded);
            anywhere.Add(any / embedded);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {round} | {embedded:N0} | {near:N0} | {beside[^1]:P0} | {any:N0} | {anywhere[^1]:P0} |"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"medians: beside the customer {Median(beside):P0} of the embedded engine, from any silo {Median(anywhere):P0}"));
    }

    private static async Task<double> EmbeddedAsync(TimeSpan duration)
    {
        await using var schema = await BenchmarkSchema.CreateAsync();
        await using var storage = await PostgresStorage.OpenAsync(schema.Options, TimeProvider.System);
        await using var engine = await StartEmbeddedAsync(storage);
        return await MeasureAsync([engine], [BatchLoad.Ids(Customers)], duration);
    }

    private static async Task<(double Beside, double Anywhere)> ClusterAsync(TimeSpan duration)
    {
        await using var schema = await BenchmarkSchema.CreateAsync();
        await using var cluster = await LocalCluster.StartAsync(schema.Options, Options);
        // Brings the customers into memory, as the embedded engine's first half does.
        await new BatchLoad(Customers, Callers).RunAsync((caller, request) => cluster.Engines[caller % 2].Customer(request.CustomerId).TrackAsync(request), duration / 2);
        var beside = await MeasureAsync(cluster.Engines, await cluster.FindAsync(BatchLoad.Ids(Customers)), duration);
        return (beside, await MeasureAsync(cluster.Engines, [BatchLoad.Ids(Customers)], duration));
    }

    /// <summary>Callers take doors and groups of customers in turn; the customers are in memory before the clock starts.</summary>
    private static async Task<double> MeasureAsync(IReadOnlyList<ISegmentationEngine> doors, IReadOnlyList<IReadOnlyList<string>> customers, TimeSpan duration)
    {
        var load = new BatchLoad(customers, Callers);
        await load.RunAsync((caller, request) => doors[caller % doors.Count].Customer(request.CustomerId).TrackAsync(request), duration / 2);
        return await load.RunAsync((caller, request) => doors[caller % doors.Count].Customer(request.CustomerId).TrackAsync(request), duration);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
