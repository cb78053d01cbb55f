using System.Diagnostics;
using System.Net.Http.Headers;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>Sends batches over HTTP from a number of connections, as fast as answers come or at a rate, and keeps the latencies.</summary>
internal sealed class HttpLoad(Uri url, int connections, int eventsPerBatch, int customers)
{
    private long _messages;

    /// <summary>Makes message ids differ from those of other loads in the same service.</summary>
    public void SkipMessages(int run) => _messages = run * 1_000_000_000L;

    /// <summary>Milliseconds from request to receipt of each batch.</summary>
    public List<double> LatenciesMs { get; } = [];

    public long Events { get; private set; }

    public long Refused { get; private set; }

    /// <summary>Asked before each batch; while it says yes, nothing is sent. Null: never.</summary>
    public Func<bool>? Pauses { get; init; }

    /// <param name="duration">How long to send.</param>
    /// <param name="eventsPerSecond">0: as fast as answers come.</param>
    public async Task RunAsync(TimeSpan duration, double eventsPerSecond = 0)
    {
        using var handler = new SocketsHttpHandler { MaxConnectionsPerServer = connections };
        using var client = new HttpClient(handler) { BaseAddress = url };
        var clock = Stopwatch.StartNew();
        var senders = Enumerable.Range(0, connections).Select(n => SendAsync(client, n, clock, duration, eventsPerSecond / connections)).ToList();
        foreach (var sender in senders)
        {
            var (events, refused, latencies) = await sender;
            Events += events;
            Refused += refused;
            LatenciesMs.AddRange(latencies);
        }
    }

    public static double Percentile(List<double> values, double share)
    {
        var sorted = values.Order().ToList();
        return sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];
    }

    private async Task<(long Events, long Refused, List<double> LatenciesMs)> SendAsync(
        HttpClient client, int number, Stopwatch clock, TimeSpan duration, double eventsPerSecond)
    {
        await Task.Yield();
        var random = new Random(number + 1);
        var body = BatchBody.Create(eventsPerBatch, TimeProvider.System.GetUtcNow(), random);
        var latencies = new List<double>();
        long events = 0, refused = 0;
        while (clock.Elapsed < duration)
        {
            // At a rate the connections take turns, so that batches do not all come at once.
            var due = eventsPerSecond > 0 ? TimeSpan.FromSeconds((events + refused + eventsPerBatch * (double)number / connections) / eventsPerSecond) : TimeSpan.Zero;
            if (due > clock.Elapsed)
            {
                await Task.Delay(due - clock.Elapsed, TimeProvider.System);
            }
            while (Pauses?.Invoke() == true && clock.Elapsed < duration)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
            }
            body.Renew(Interlocked.Add(ref _messages, eventsPerBatch), customers, random);
            using var content = new ByteArrayContent(body.Bytes);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            var started = clock.Elapsed;
            using var answer = await client.PostAsync("/v1/batch", content);
            latencies.Add((clock.Elapsed - started).TotalMilliseconds);
            if (answer.IsSuccessStatusCode)
            {
                events += eventsPerBatch;
            }
            else
            {
                refused += eventsPerBatch;
            }
        }
        return (events, refused, latencies);
    }
}
