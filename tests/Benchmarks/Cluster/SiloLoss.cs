using System.Diagnostics;
using System.Globalization;
using System.Text;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Benchmarks.Ingestion;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <summary>Two silos in processes of their own, one of which is killed while each of its customers is sent an event again and again over the other one's HTTP.</summary>
internal static class SiloLoss
{
    private const int Customers = 200;

    public static async Task RunAsync(int rounds)
    {
        Console.WriteLine("| round | customers that did not answer at first | median, s | last, s |");
        Console.WriteLine("|---|---:|---:|---:|");
        for (var round = 1; round <= rounds; round++)
        {
            await using var schema = await BenchmarkSchema.CreateAsync();
            string[] arguments = ["--cluster", .. schema.ServiceArguments, "--set", $"Cluster:Name={schema.Options.Schema}"];
            await using var survivor = await ServiceProcess.StartAsync(arguments);
            await using var victim = await ServiceProcess.StartAsync(arguments);
            using var client = new HttpClient { BaseAddress = survivor.Url, Timeout = TimeSpan.FromSeconds(60) };
            await Task.WhenAll(Enumerable.Range(0, Customers).Select(c => SendAsync(client, c, Stopwatch.StartNew())));

            victim.Kill();
            var clock = Stopwatch.StartNew();
            var times = (await Task.WhenAll(Enumerable.Range(0, Customers).Select(c => SendAsync(client, c, clock)))).Order().ToList();
            var late = times.Where(t => t > 0.5).ToList();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {round} | {late.Count} | {late.ElementAtOrDefault(late.Count / 2):N1} | {times[^1]:N1} |"));
        }
    }

    /// <summary>Sends an order until it is acknowledged, as a client does that gives up on an answer after two seconds.</summary>
    /// <returns>Seconds on the clock by then.</returns>
    private static async Task<double> SendAsync(HttpClient client, int customer, Stopwatch clock)
    {
        var message = Guid.NewGuid();
        while (true)
        {
            try
            {
                using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(2));
                using var answer = await client.PostAsync(
                    "/v1/track",
                    new StringContent(
                        $$$"""{"userId":"c{{{customer}}}","messageId":"{{{message}}}","event":"Order Completed","properties":{"order_id":"{{{message}}}","total":1}}""",
                        Encoding.UTF8, "application/json"),
                    patience.Token);
                if (answer.IsSuccessStatusCode)
                {
                    return clock.Elapsed.TotalSeconds;
                }
            }
            catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
            {
                // Not yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
    }
}
