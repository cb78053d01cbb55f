using System.Diagnostics;
using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>
/// How many events a second the service takes durably over HTTP in batches of 100, with the load generator on the same machine, and how long a receipt takes at
/// half of that rate: <c>http [seconds] [runs] [sqlite|postgres]</c>.
/// </summary>
internal static class HttpIngestion
{
    private const int EventsPerBatch = 100;
    private const int Customers = 10_000;
    private const int Connections = 32;
    private const int HalfRateConnections = 8;

    public static async Task RunAsync(string[] args)
    {
        var seconds = args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 10;
        var runs = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
        var schema = args is [_, _, "postgres"] ? await BenchmarkSchema.CreateAsync() : null;
        try
        {
            await RunAsync(seconds, runs, schema?.ServiceArguments ?? []);
        }
        finally
        {
            if (schema is not null)
            {
                await schema.DisposeAsync();
            }
        }
    }

    private static async Task RunAsync(double seconds, int runs, string[] serviceArguments)
    {
        await using var service = await ServiceProcess.StartAsync(serviceArguments);
        await new HttpLoad(service.Url, Connections, EventsPerBatch, Customers).RunAsync(TimeSpan.FromSeconds(5));
        Console.WriteLine("| run | events/s | p50 ms | p99 ms | service CPU µs/event | generator CPU µs/event | working set MiB |");
        Console.WriteLine("|---|---|---|---|---|---|---|");
        var rates = new List<double>();
        for (var run = 1; run <= runs; run++)
        {
            var load = new HttpLoad(service.Url, Connections, EventsPerBatch, Customers);
            load.SkipMessages(run);
            var (serviceCpu, ownCpu, clock) = (service.ProcessorTime, Process.GetCurrentProcess().TotalProcessorTime, Stopwatch.StartNew());
            await load.RunAsync(TimeSpan.FromSeconds(seconds));
            var elapsed = clock.Elapsed.TotalSeconds;
            rates.Add(load.Events / elapsed);
            var perEvent = 1e6 / Math.Max(1, load.Events);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {run} | {load.Events / elapsed:N0} | {HttpLoad.Percentile(load.LatenciesMs, 0.5):N1} | {HttpLoad.Percentile(load.LatenciesMs, 0.99):N1} | " +
                $"{(service.ProcessorTime - serviceCpu).TotalSeconds * perEvent:N1} | {(Process.GetCurrentProcess().TotalProcessorTime - ownCpu).TotalSeconds * perEvent:N1} | {service.WorkingSetBytes >> 20} |"));
        }
        var median = rates.Order().ElementAt(rates.Count / 2);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {median:N0} events/s"));
        for (var run = 1; run <= runs; run++)
        {
            var load = new HttpLoad(service.Url, HalfRateConnections, EventsPerBatch, Customers);
            load.SkipMessages(runs + run);
            await load.RunAsync(TimeSpan.FromSeconds(seconds), median / 2);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"at half of it ({load.Events / seconds:N0} events/s): receipts after p50 {HttpLoad.Percentile(load.LatenciesMs, 0.5):N1}, p99 {HttpLoad.Percentile(load.LatenciesMs, 0.99):N1} ms"));
        }
    }
}
