using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Benchmarks.Ingestion;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>
/// How long after an event's receipt, and after its sending, the customer's view shows that the sequence model has read everything, while other events stream
/// in at half of the rate that the same service took and read at most just before, or at a given one: <c>encoding [runs [seconds [events/s]]]</c>. Probes begin at fixed times, whatever became of
/// those before. Every second one is for a customer whom only probes touch, the others for customers of the stream, whose view is up to date only when
/// everything that came meanwhile is read too.
/// </summary>
internal static class EmbeddingLatency
{
    private const int Customers = 10_000;
    private const int EventsPerBatch = 100;
    private const int ProbedCustomers = 100;
    private const int Connections = 32;

    private static readonly TimeSpan ProbeInterval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Top = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task RunAsync(string[] args)
    {
        var runs = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 3;
        var duration = TimeSpan.FromSeconds(args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 20);
        var given = args.Length > 2 ? double.Parse(args[2], CultureInfo.InvariantCulture) : (double?)null;
        var all = new List<Probe>();
        Console.WriteLine("| run | top: taken/s | taken and read/s | events/s | refused | readings/s | waiting, median | most | at the end | service CPUs |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        var tables = new StringBuilder();
        for (var run = 1; run <= runs; run++)
        {
            await using var service = await ServiceProcess.StartAsync();
            using var client = new HttpClient { BaseAddress = service.Url };
            var top = await MeasureTopAsync(service.Url, client);
            await DrainAsync(client);
            await PrepareAsync(client);
            all.AddRange(await MeasureAsync(service, client, run, top, given ?? top.Read / 2, duration, tables));
        }

        Append(tables, "all", all);
        Console.WriteLine("\n| run | probes | time | p50 ms | p95 ms | p99 ms | most ms |\n|---|---|---|---:|---:|---:|---:|");
        Console.Write(tables);
    }

    /// <summary>
    /// The first load fills the memory and is not counted. At the rate of the second, events of a customer wait for a reading and share it. The third pauses while a
    /// tenth of the customers wait, so that reading keeps pace with taking.
    /// </summary>
    private static async Task<(double Taken, double Read)> MeasureTopAsync(Uri url, HttpClient client)
    {
        await MeasureRateAsync(new HttpLoad(url, Connections, EventsPerBatch, Customers), 0);
        var taken = await MeasureRateAsync(new HttpLoad(url, Connections, EventsPerBatch, Customers), 1);
        await DrainAsync(client);
        var waiting = 0;
        using var end = new CancellationTokenSource();
        var watching = WatchAsync();
        var read = await MeasureRateAsync(
            new HttpLoad(url, Connections, EventsPerBatch, Customers) { Pauses = () => Volatile.Read(ref waiting) > Customers / 10 }, 2);
        await end.CancelAsync();
        await watching;
        return (taken, read);

        async Task WatchAsync()
        {
            while (!end.IsCancellationRequested)
            {
                Volatile.Write(ref waiting, (await ReadProgressAsync(client)).Waiting);
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System);
            }
        }
    }

    private static async Task<double> MeasureRateAsync(HttpLoad load, int number)
    {
        load.SkipMessages(number);
        await load.RunAsync(Top);
        return load.Events / Top.TotalSeconds;
    }

    /// <summary>Waits until the encoder has read what the top rate left.</summary>
    private static async Task DrainAsync(HttpClient client)
    {
        var clock = Stopwatch.StartNew();
        while ((await ReadProgressAsync(client)).Waiting > 0)
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException("the encoder does not come to an end");
            }

            await Task.Delay(ProbeInterval, TimeProvider.System);
        }
    }

    private static async Task PrepareAsync(HttpClient client)
    {
        for (var customer = 0; customer < ProbedCustomers; customer++)
        {
            await SendAsync(client, Quiet(customer), $"prepare-{customer}");
        }
    }

    private static async Task<List<Probe>> MeasureAsync(
        ServiceProcess service, HttpClient client, int run, (double Taken, double Read) top, double rate, TimeSpan duration, StringBuilder tables)
    {
        var load = new HttpLoad(service.Url, Connections, EventsPerBatch, Customers);
        load.SkipMessages(3);
        var background = load.RunAsync(duration, rate);

        // Until the rate is steady.
        await Task.Delay(duration / 10, TimeProvider.System);
        var (readings, _) = await ReadProgressAsync(client);
        var cpu = service.ProcessorTime;
        var clock = Stopwatch.StartNew();
        var probes = new List<Task<Probe>>();
        var waiting = new List<double>();
        var random = new Random(run);
        while (clock.Elapsed < 0.8 * duration)
        {
            await Task.Delay(TimeSpan.FromTicks(Math.Max(0, (ProbeInterval * probes.Count - clock.Elapsed).Ticks)), TimeProvider.System);
            var busy = probes.Count % 2 == 1;
            var customer = busy ? $"customer-{random.Next(Customers):D7}" : Quiet(probes.Count / 2 % ProbedCustomers);
            probes.Add(ProbeAsync(client, customer, $"probe-{probes.Count}", busy));
            if (probes.Count % 10 == 0)
            {
                waiting.Add((await ReadProgressAsync(client)).Waiting);
            }
        }

        var (after, atEnd) = await ReadProgressAsync(client);
        var seconds = clock.Elapsed.TotalSeconds;
        cpu = service.ProcessorTime - cpu;
        var all = (await Task.WhenAll(probes)).ToList();
        await background;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {run} | {top.Taken:N0} | {top.Read:N0} | {load.Events / duration.TotalSeconds:N0} | {load.Refused} | {(after - readings) / seconds:N0} | {HttpLoad.Percentile(waiting, 0.5):N0} | {waiting.Max():N0} | {atEnd} | {cpu.TotalSeconds / seconds:N2} |"));
        Append(tables, $"{run}", all);
        return all;
    }

    private static void Append(StringBuilder tables, string run, List<Probe> probes)
    {
        foreach (var busy in new[] { false, true })
        {
            var some = probes.Where(p => p.Busy == busy).ToList();
            AppendLine(tables, run, busy, "receipt to embedding", [.. some.Select(p => p.EmbeddingMs)]);
            AppendLine(tables, run, busy, "sending to receipt", [.. some.Select(p => p.ReceiptMs)]);
            AppendLine(tables, run, busy, "sending to embedding", [.. some.Select(p => p.ReceiptMs + p.EmbeddingMs)]);
        }
    }

    private static void AppendLine(StringBuilder tables, string run, bool busy, string span, List<double> ms) => tables.AppendLine(
        CultureInfo.InvariantCulture,
        $"| {run} | {ms.Count} {(busy ? "in the stream" : "quiet")} | {span} | {HttpLoad.Percentile(ms, 0.5):N1} | {HttpLoad.Percentile(ms, 0.95):N1} | {HttpLoad.Percentile(ms, 0.99):N1} | {ms.Max():N1} |");

    private static async Task<Probe> ProbeAsync(HttpClient client, string customer, string message, bool busy)
    {
        var clock = Stopwatch.StartNew();
        await SendAsync(client, customer, message);
        var receipt = clock.Elapsed.TotalMilliseconds;
        while (!await IsReadAsync(client, customer))
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"{customer} is not read");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(1), TimeProvider.System);
        }

        return new Probe(busy, receipt, clock.Elapsed.TotalMilliseconds - receipt);
    }

    private static async Task SendAsync(HttpClient client, string customer, string message)
    {
        var body = $"{{\"batch\":[{{\"type\":\"track\",\"userId\":\"{customer}\",\"messageId\":\"{message}\",\"event\":\"Product Viewed\",\"properties\":{{\"product_id\":\"p7\",\"name\":\"Product 7\",\"category\":\"category-7\",\"price\":12.5}}}}]}}";
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync("/v1/batch", content);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<bool> IsReadAsync(HttpClient client, string customer)
    {
        using var view = JsonDocument.Parse(await client.GetByteArrayAsync($"/api/customers/{customer}"));
        return view.RootElement.TryGetProperty("encoder", out var encoder) && encoder.ValueKind == JsonValueKind.Object
            && !(encoder.TryGetProperty("behind", out var behind) && behind.GetBoolean());
    }

    private static async Task<(long Readings, int Waiting)> ReadProgressAsync(HttpClient client)
    {
        using var models = JsonDocument.Parse(await client.GetByteArrayAsync("/api/models"));
        var encoding = models.RootElement.GetProperty("encoding");
        return (encoding.GetProperty("readings").GetInt64(), encoding.GetProperty("waiting").GetInt32());
    }

    private static string Quiet(int customer) => $"quiet-{customer}";

    private sealed record Probe(bool Busy, double ReceiptMs, double EmbeddingMs);
}
