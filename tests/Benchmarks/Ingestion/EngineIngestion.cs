using System.Diagnostics;
using System.Globalization;
using CustomerSegmentation.Benchmarks.Journal;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Engine.Embedded;
using CustomerSegmentation.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>
/// Durable events a second through the whole engine (duplicate window, features, journal, receipts, snapshots written behind), beside a bare loop of
/// multi-row inserts of rows of the same size for the same customers into the same schema: <c>engine [events] [rounds]</c>.
/// </summary>
internal static class EngineIngestion
{
    private const int Customers = 10_000;
    private const int EventsPerCall = 100;
    private const int CallsAtOnce = 96;

    public static async Task RunAsync(string[] args)
    {
        var events = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300_000;
        var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        var folder = Directory.CreateTempSubdirectory("engine-benchmark-").FullName;
        var payloadBytes = EventCodec.Encode([CreateEvent(0, 0)], 0, 1).Length;
        var (bare, engine) = (new List<double>(), new List<double>());
        Console.WriteLine("| round | bare loop rows/s | engine events/s | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        try
        {
            for (var round = 1; round <= rounds; round++)
            {
                bare.Add(await MeasureAsync(folder, events, payloadBytes, (options, workload) => Task.FromResult(BareLoop.Run(options, workload))));
                engine.Add(await MeasureAsync(folder, events, payloadBytes, SendAsync));
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {bare[^1]:N0} | {engine[^1]:N0} | {engine[^1] / bare[^1]:P0} |"));
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        var ratio = engine.Zip(bare, (e, b) => e / b).Order().ElementAt(rounds / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratio:P0}, {events:N0} events of {payloadBytes} bytes"));
    }

    private static async Task<double> MeasureAsync(
        string folder, int events, int payloadBytes, Func<SqliteStorageOptions, Workload, Task<TimeSpan>> run)
    {
        var options = new SqliteStorageOptions { Path = Path.Combine(folder, $"{Guid.NewGuid():N}.db") };
        var workload = await Workload.CreateAsync(options, Customers, events, payloadBytes);
        var elapsed = await run(options, workload);
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Delete(file);
        }
        return events / elapsed.TotalSeconds;
    }

    private static async Task<TimeSpan> SendAsync(SqliteStorageOptions options, Workload workload)
    {
        File.Delete(options.Path);
        await using var storage = await SqliteStorage.OpenAsync(options, TimeProvider.System);
        await using var engine = await EmbeddedEngine.StartAsync(
            storage, new EngineOptions { ScheduleSegmentations = false }, TimeProvider.System, NullLoggerFactory.Instance, TaskScheduler.Default);
        await SendAllAsync(engine, Enumerable.Range(0, Customers).Select(c => Request(workload.Ids[c], c, 0)).Chunk(EventsPerCall));
        var requests = Enumerable.Range(0, workload.Rows)
            .Select(row => Request(workload.Ids[workload[row].Customer], row, workload[row].Sequence)).Chunk(EventsPerCall).ToList();
        var start = Stopwatch.GetTimestamp();
        await SendAllAsync(engine, requests);
        return Stopwatch.GetElapsedTime(start);
    }

    private static Task SendAllAsync(EmbeddedEngine engine, IEnumerable<TrackRequest[]> calls) => Parallel.ForEachAsync(
        calls, new ParallelOptions { MaxDegreeOfParallelism = CallsAtOnce }, async (requests, cancellationToken) =>
        {
            var receipts = await engine.TrackAsync(requests, cancellationToken);
            if (receipts.Any(r => r.Outcome != TrackOutcome.Committed))
            {
                throw new InvalidOperationException($"not committed: {receipts.First(r => r.Outcome != TrackOutcome.Committed).Outcome}");
            }
        });

    private static TrackRequest Request(string customerId, long message, long sequence) =>
        new() { CustomerId = customerId, Events = [CreateEvent(message, sequence)] };

    private static CustomerEvent CreateEvent(long message, long sequence) => new()
    {
        MessageId = $"node-next-1721000000-{message:D8}-{sequence:D6}",
        Kind = EventKind.ProductViewed,
        TimestampMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        ReceivedMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        Channel = Channel.Server,
        Products = [new ProductLine { ProductId = $"p{message % 2000}", Name = $"Product {message % 2000}", Category = $"category-{message % 20}", Price = 12.5, Quantity = 1 }],
    };
}
