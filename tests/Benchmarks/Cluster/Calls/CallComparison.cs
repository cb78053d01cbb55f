using System.Diagnostics;
using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Benchmarks.Ingestion;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Orleans;

namespace CustomerSegmentation.Benchmarks.Cluster.Calls;

/// <summary>
/// Calls of one event each, made from outside the silos by many callers, about many customers and about few: a grain call each; gathered by customer, as
/// <c>CustomerSegmentation.Client</c> does; and gathered over all customers for an intake on the silo that the client is connected to.
/// </summary>
internal static class CallComparison
{
    private static readonly int[] Callers = [16, 256];
    private static readonly int[] Customers = [4_000, 4];
    private static long _messages;

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
        Console.WriteLine("| round | callers | customers | way | events/s | processor µs an event | p50 ms | p99 ms |");
        Console.WriteLine("|---|---:|---:|---|---:|---:|---:|---:|");
        // The first round is there for the just-in-time compiler.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var callers in Callers)
            {
                foreach (var customers in Customers)
                {
                    for (var i = 0; i < ways.Length; i++)
                    {
                        var (name, track) = ways[(i + round) % ways.Length];
                        var (rate, micros, p50, p99) = await MeasureAsync(track, callers, customers, TimeSpan.FromSeconds(seconds));
                        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                            $"| {(round == 0 ? "warm-up" : round)} | {callers} | {customers:N0} | {name} | {rate:N0} | {micros:N1} | {p50:N2} | {p99:N2} |"));
                    }
                }
            }
        }
    }

    /// <summary>The processor's time is that of silos, client and callers together, without PostgreSQL's.</summary>
    private static async Task<(double Rate, double Micros, double P50, double P99)> MeasureAsync(
        Func<TrackRequest, Task<TrackReceipt>> track, int callers, int customers, TimeSpan duration)
    {
        using var process = Process.GetCurrentProcess();
        var processor = process.TotalProcessorTime;
        var start = Stopwatch.GetTimestamp();
        var times = await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            var own = new List<double>();
            while (Stopwatch.GetElapsedTime(start) < duration)
            {
                var message = Interlocked.Increment(ref _messages);
                var request = EngineLoad.Request(BatchLoad.Id((int)(message % customers)), message, 0);
                var begun = Stopwatch.GetTimestamp();
                if ((await track(request)).Outcome != TrackOutcome.Committed)
                {
                    throw new InvalidOperationException("an event was not committed");
                }

                own.Add(Stopwatch.GetElapsedTime(begun).TotalMilliseconds);
            }

            return own;
        })));
        var all = times.SelectMany(t => t).ToList();
        var rate = all.Count / Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return (rate, (process.TotalProcessorTime - processor).TotalMicroseconds / all.Count, HttpLoad.Percentile(all, 0.5), HttpLoad.Percentile(all, 0.99));
    }
}
