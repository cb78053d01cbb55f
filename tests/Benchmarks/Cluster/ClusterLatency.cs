using System.Diagnostics;
using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Benchmarks.Ingestion;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <summary>
/// While events stream in at a rate, or at half of the top rate: how long after an event was sent a changed segment is read, and how long a read of a customer's view takes. Everything comes from
/// outside the silos.
/// </summary>
internal static class ClusterLatency
{
    private const int Probes = 300;
    private const int Readers = 4;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(20);

    public static async Task RunAsync(double eventsPerSecond)
    {
        await using var schema = await BenchmarkSchema.CreateAsync();
        await using var cluster = await LocalCluster.StartAsync(schema.Options, ClusterFigures.Options);
        var (engine, _) = await cluster.ConnectAsync();
        await SegmentAsync(engine);
        var load = new BatchLoad(ClusterFigures.Customers, 32);
        Task<double> SendAsync(int seconds, double rate) =>
            load.RunAsync((_, request) => engine.Customer(request.CustomerId).TrackAsync(request), TimeSpan.FromSeconds(seconds), rate);
        await SendAsync(15, 0);
        if (eventsPerSecond == 0)
        {
            var top = await SendAsync(8, 0);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"top rate {top:N0} events/s"));
            eventsPerSecond = top / 2;
        }

        await SendAsync(3, eventsPerSecond);
        var background = SendAsync((int)Duration.TotalSeconds, eventsPerSecond);
        var reads = new List<double>[Readers];
        var readers = Enumerable.Range(0, Readers).Select(reader => Task.Run(async () => reads[reader] = await ReadAsync(engine, reader, background))).ToList();
        var (first, changed) = await ProbeAsync(engine, background);
        var rate = await background;
        await Task.WhenAll(readers);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"background {rate:N0} events/s of {eventsPerSecond:N0}"));
        Print("event to first segment", first);
        Print("event to changed segment", changed);
        Print("view", [.. reads.SelectMany(r => r)]);
    }

    private static void Print(string what, List<double> values) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what}: {values.Count:N0} seen, p50 {HttpLoad.Percentile(values, 0.5):N1} ms, p99 {HttpLoad.Percentile(values, 0.99):N1} ms, max {values.DefaultIfEmpty().Max():N1} ms"));

    /// <summary>Segments come from small and from large buyers.</summary>
    private static async Task SegmentAsync(ISegmentationEngine engine)
    {
        for (var i = 0; i < 200; i++)
        {
            await engine.TrackAsync(
            [
                new TrackRequest { CustomerId = $"small-{i}", Events = [Order($"small-{i}", 0, 10 + (i % 7), 60 + (i % 30))] },
                new TrackRequest { CustomerId = $"large-{i}", Events = [.. Enumerable.Range(0, 12).Select(n => Order($"large-{i}", n, 200 + (((i * 7) + n) % 150), (5 * n) + (i % 4)))] },
            ]);
        }

        var started = await engine.Coordinator.StartAsync(new SegmentationRequest { SegmentCount = 2 });
        while ((await engine.Coordinator.GetAsync(started.Version))!.Status != SegmentationStatus.Active)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }

    private static CustomerEvent Order(string customer, int number, double total, int daysAgo)
    {
        var atMs = TimeProvider.System.GetUtcNow().AddDays(-daysAgo).ToUnixTimeMilliseconds();
        return new CustomerEvent
        {
            MessageId = $"{customer}-{number}", Kind = EventKind.OrderCompleted, TimestampMs = atMs, ReceivedMs = atMs, OrderId = $"{customer}-{number}", Amount = total,
        };
    }

    /// <summary>New customers, who have no segment before the first order, and who then buy until theirs changes.</summary>
    private static async Task<(List<double> First, List<double> Changed)> ProbeAsync(ISegmentationEngine engine, Task background)
    {
        var (first, changed) = (new List<double>(), new List<double>());
        for (var probe = 0; probe < Probes && !background.IsCompleted; probe++)
        {
            var id = $"probe-{probe}";
            var before = (string?)null;
            for (var purchase = 0; purchase < 12; purchase++)
            {
                var clock = Stopwatch.StartNew();
                var e = Order(id, purchase, purchase == 0 ? 12 : 300, purchase == 0 ? 70 : 60 - (5 * purchase));
                if ((await engine.TrackAsync([new TrackRequest { CustomerId = id, Events = [e] }]))[0].Outcome != TrackOutcome.Committed)
                {
                    throw new InvalidOperationException("a probe's order was not committed");
                }

                var after = (await engine.Customer(id).GetAsync())?.Segment?.Key;
                if (after is not null && after != before)
                {
                    (before is null ? first : changed).Add(clock.Elapsed.TotalMilliseconds);
                }

                before = after;
            }
        }

        return (first, changed);
    }

    private static async Task<List<double>> ReadAsync(ISegmentationEngine engine, int reader, Task background)
    {
        var times = new List<double>();
        var random = new Random(reader);
        while (!background.IsCompleted)
        {
            var clock = Stopwatch.StartNew();
            await engine.Customer(BatchLoad.Id(random.Next(ClusterFigures.Customers))).GetAsync();
            times.Add(clock.Elapsed.TotalMilliseconds);
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
        }

        return times;
    }
}
