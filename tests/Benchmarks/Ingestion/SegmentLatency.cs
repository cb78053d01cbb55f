using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>
/// How long after an event was sent a changed segment is visible to a GET, while other events stream in at a rate: <c>latency [events/s] [probes]</c>. Segments
/// come from a population of small and of large buyers. A probe is a new customer, who has no segment before the first small order and one after it, and who
/// then buys until the segment changes.
/// </summary>
internal static class SegmentLatency
{
    public static async Task RunAsync(string[] args)
    {
        var rate = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 20_000;
        var probes = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 200;
        await using var service = await ServiceProcess.StartAsync();
        using var client = new HttpClient { BaseAddress = service.Url };
        await SendPopulationAsync(client);
        await service.ReclusterAsync();
        await new HttpLoad(service.Url, 8, 100, 10_000).RunAsync(TimeSpan.FromSeconds(5));
        var background = new HttpLoad(service.Url, 8, 100, 10_000);
        background.SkipMessages(1);
        var load = background.RunAsync(TimeSpan.FromSeconds(Math.Max(20, probes / 5)), rate);
        var first = new List<double>();
        var changed = new List<double>();
        for (var probe = 0; probe < probes && !load.IsCompleted; probe++)
        {
            var before = (string?)null;
            for (var purchase = 0; purchase < 12; purchase++)
            {
                var clock = Stopwatch.StartNew();
                await SendAsync(client, [Order($"probe-{probe}", purchase, purchase == 0 ? 12 : 300, daysAgo: purchase == 0 ? 70 : 60 - 5 * purchase)]);
                var after = await ReadSegmentAsync(client, probe);
                if (after is not null && after != before)
                {
                    (before is null ? first : changed).Add(clock.Elapsed.TotalMilliseconds);
                }
                before = after;
            }
        }
        await load;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"background {background.Events / Math.Max(20, probes / 5.0):N0} events/s, {background.Refused} refused"));
        Print("first segment", first);
        Print("changed segment", changed);
    }

    private static void Print(string what, List<double> values) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{what}: {values.Count} seen, p50 {HttpLoad.Percentile(values, 0.5):N1} ms, p99 {HttpLoad.Percentile(values, 0.99):N1} ms, max {values.DefaultIfEmpty().Max():N1} ms"));

    private static async Task SendPopulationAsync(HttpClient client)
    {
        for (var i = 0; i < 200; i++)
        {
            await SendAsync(client, [Order($"small-{i}", 0, 10 + i % 7, 60 + i % 30)]);
            await SendAsync(client, Enumerable.Range(0, 12).Select(n => Order($"large-{i}", n, 200 + (i * 7 + n) % 150, 5 * n + i % 4)));
        }
    }

    private static string Order(string customer, int number, double total, int daysAgo) => string.Create(CultureInfo.InvariantCulture,
        $"{{\"type\":\"track\",\"userId\":\"{customer}\",\"messageId\":\"{customer}-{number}\",\"event\":\"Order Completed\",\"timestamp\":\"{TimeProvider.System.GetUtcNow().AddDays(-daysAgo):yyyy-MM-dd'T'HH:mm:ss'Z'}\",\"properties\":{{\"order_id\":\"{customer}-{number}\",\"total\":{total:F2}}}}}");

    private static async Task SendAsync(HttpClient client, IEnumerable<string> events)
    {
        using var answer = await client.PostAsync("/v1/batch", new StringContent($"{{\"batch\":[{string.Join(',', events)}]}}", Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<string?> ReadSegmentAsync(HttpClient client, int probe)
    {
        using var answer = await client.GetAsync($"/api/customers/probe-{probe}");
        using var customer = JsonDocument.Parse(await answer.Content.ReadAsStreamAsync());
        return customer.RootElement.TryGetProperty("segment", out var segment) && segment.ValueKind == JsonValueKind.Object
            ? segment.GetProperty("key").GetString()
            : null;
    }
}
