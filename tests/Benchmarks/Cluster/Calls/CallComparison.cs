using System.Diagnostics;
using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Benchmarks.Ingestion;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Orleans;

namespace CustomerSegmentation.Benchmarks.Cluster.Calls;

/// <summary>
/// Calls of one event each or many, made from outside the silos, about many customers and about few: a grain call each; gathered by customer, as
/// <c>CustomerSegmentation.Client</c> does; and gathered over all customers for an intake on the silo that the client is connected to.
/// </summary>
internal static class CallComparison
{
    private static readonly Load[] Loads = [new(16, 2_000, 1), new(256, 2_000, 1), new(256, 16, 1), new(256, 4, 1), new(48, 2_000, 64)];

    private static long _calls;
    private static int _runs;

    public static async Task RunAsync(int rounds, double seconds)
    {
        await using var schema = await BenchmarkSchema.CreateAsync();
        await using var cluster = await LocalCluster.StartAsync(schema.Options, ClusterFigures.Options);
        var (client, grains) = await cluster.ConnectAsync();
        var direct = new ClusterEngine(grains, static () => new EngineHealth { Ready = true });
        await using var intakes = new IntakeCalls(grains, 4, 256).Start();
        (string Name, Func<TrackRequest, Task<TrackReceipt>> Track)[] ways =
        [
            ("a call each", request => direct.Customer(request.CustomerId).TrackAsync(request)),
            ("gathered by customer", request => client.Customer(request.CustomerId).TrackAsync(request)),
            ("4 intakes", intakes.TrackAsync),
        ];
        Console.WriteLine("| round | callers | customers | events in a call | way | events/s | processor µs an event | p50 ms | p99 ms |");
        Console.WriteLine("|---|---:|---:|---:|---|---:|---:|---:|---:|");
        // The first round is there for the just-in-time compiler.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var load in Loads)
            {
                for (var i = 0; i < ways.Length; i++)
                {
                    var (name, track) = ways[(i + round) % ways.Length];
                    var (rate, micros, p50, p99) = await MeasureAsync(track, load, TimeSpan.FromSeconds(seconds));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {(round == 0 ? "warm-up" : round)} | {load.Callers} | {load.Customers:N0} | {load.Events} | {name} | {rate:N0} | {micros:N1} | {p50:N2} | {p99:N2} |"));
                }
            }
        }
    }

    /// <summary>The processor's time is that of silos, client and callers together, without PostgreSQL's.</summary>
    private static async Task<(double Rate, double Micros, double P50, double P99)> MeasureAsync(
        Func<TrackRequest, Task<TrackReceipt>> track, Load load, TimeSpan duration)
    {
        // Customers of its own, in memory before the clock starts.
        var run = ++_runs;
        await SendAsync(track, load, run, duration / 3);
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var all = await SendAsync(track, load, run, duration);
        var rate = all.Count * load.Events / Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return (rate, (process.TotalProcessorTime - processor).TotalMicroseconds / (all.Count * load.Events), HttpLoad.Percentile(all, 0.5), HttpLoad.Percentile(all, 0.99));
    }

    /// <returns>Milliseconds of each call.</returns>
    private static async Task<List<double>> SendAsync(Func<TrackRequest, Task<TrackReceipt>> track, Load load, int run, TimeSpan duration)
    {
        var start = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, load.Callers).Select(_ => Task.Run(async () =>
        {
            var own = new List<double>();
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                var call = Interlocked.Increment(ref _calls);
                var id = BatchLoad.Id((run * 10_000) + (int)(call % load.Customers));
                var request = new TrackRequest
                {
                    CustomerId = id, Events = [.. Enumerable.Range(0, load.Events).Select(i => EngineLoad.Request(id, (call * 100) + i, 0).Events[0])],
                };
                var begun = Stopwatch.GetTimestamp();
                if ((await track(request)).Outcome != TrackOutcome.Committed)
                {
                    throw new InvalidOperationException("an event was not committed");
                }

                own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return own;
        })));
        return [.. times.SelectMany(t => t)];
    }

    private sealed record Load(int Callers, int Customers, int Events);
}
