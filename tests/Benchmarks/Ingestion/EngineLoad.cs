using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using System.Diagnostics;
using CustomerSegmentation.Benchmarks.Journal;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Storage;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>Product views, one an event's customer, sent through the whole engine in calls of <see cref="EventsPerCall"/>.</summary>
internal static class EngineLoad
{
    public const int EventsPerCall = 100;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private static readonly ProductLine[][] Products =
    [
        .. Enumerable.Range(0, 2_000).Select(p => new[]
        {
            new ProductLine { ProductId = $"p{p}", Name = $"Product {p}", Category = $"category-{p % 20}", Price = 12.5, Quantity = 1 },
        }),
    ];

    /// <summary>Bytes of one event in the journal.</summary>
    public static int PayloadBytes { get; } = EventCodec.Encode([CreateEvent(0, 0)], 0, 1).Length;

    /// <summary>How long the workload's rows take as events, each committed; the customers are in memory before the clock starts.</summary>
    public static async Task<TimeSpan> RunAsync(IStorage storage, Workload workload, int callsAtOnce)
    {
        await using var engine = await EmbeddedEngine.StartAsync(
            storage, new EngineOptions { ScheduleSegmentations = false }, TimeProvider.System, NullLoggerFactory.Instance, TaskScheduler.Default);
        await SendAsync(engine, Enumerable.Range(0, workload.Ids.Length).Select(c => Request(workload.Ids[c], c, 0)).Chunk(EventsPerCall), callsAtOnce);
        var requests = Enumerable.Range(0, workload.Rows)
            .Select(row => Request(workload.Ids[workload[row].Customer], row, workload[row].Sequence)).Chunk(EventsPerCall);
        var start = Stopwatch.GetTimestamp();
        await SendAsync(engine, requests, callsAtOnce);
        return Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Sends until everything is committed. Who is refused for want of room waits a little and sends that again, as an SDK does.</summary>
    /// <returns>How many requests had to be sent again.</returns>
    public static async Task<long> SendAsync(EmbeddedEngine engine, IEnumerable<TrackRequest[]> calls, int callsAtOnce)
    {
        var again = 0L;
        await Parallel.ForEachAsync(
            calls, new ParallelOptions { MaxDegreeOfParallelism = callsAtOnce }, async (requests, cancellationToken) =>
            {
                for (var open = requests; ;)
                {
                    var receipts = await engine.TrackAsync(open, cancellationToken);
                    if (receipts.FirstOrDefault(r => r.Outcome is not (TrackOutcome.Committed or TrackOutcome.Overloaded)) is { } receipt)
                    {
                        throw new InvalidOperationException($"not committed: {receipt.Outcome}");
                    }

                    open = [.. open.Where((_, i) => receipts[i].Outcome == TrackOutcome.Overloaded)];
                    if (open.Length == 0)
                    {
                        return;
                    }

                    Interlocked.Add(ref again, open.Length);
                    await Task.Delay(Pause, TimeProvider.System, cancellationToken);
                }
            });
        return again;
    }

    public static TrackRequest Request(string customerId, long message, long sequence) =>
        new() { CustomerId = customerId, Events = [CreateEvent(message, sequence)] };

    private static CustomerEvent CreateEvent(long message, long sequence) => new()
    {
        MessageId = $"node-next-1721000000-{message:D8}-{sequence:D6}",
        Kind = EventKind.ProductViewed,
        TimestampMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        ReceivedMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(),
        Channel = Channel.Server,
        Products = Products[message % Products.Length],
    };
}
