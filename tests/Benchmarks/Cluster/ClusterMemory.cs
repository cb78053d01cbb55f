using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.SiloHost.Simulation;
using CustomerSegmentation.Storage.Postgres;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <summary>
/// Managed memory of a customer in the embedded engine and in two silos: those of the simulated shop with 90 days of history, read by the shipped model as in
/// the service, or without a model.
/// </summary>
internal static class ClusterMemory
{
    /// <summary>Until everybody who changed has been written and read, and Orleans no longer counts anybody as working.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(40);

    public static async Task RunAsync(int customers, bool hasModel)
    {
        var inference = new InferenceOptions();
        await using var encoder = hasModel
            ? new ModelRegistry(OnnxRuntime.Load(inference), inference, TimeProvider.System, NullLogger<ModelRegistry>.Instance)
            : null;
        encoder?.Activate((await encoder.LoadAsync(new FolderModelSource(Path.Combine(AppContext.BaseDirectory, "models")), "default.json")).Id);
        var embedded = await MeasureAsync(customers, async options =>
        {
            var storage = await PostgresStorage.OpenAsync(options, TimeProvider.System);
            var engine = await ClusterFigures.StartEmbeddedAsync(storage, encoder);
            return (engine, async () =>
            {
                await engine.DisposeAsync();
                await storage.DisposeAsync();
            });
        });
        var cluster = await MeasureAsync(customers, async options =>
        {
            var silos = await LocalCluster.StartAsync(options, ClusterFigures.Options, duties: new SiloDuties { Encoder = encoder });
            return (silos.Engines[0], async () => await silos.DisposeAsync());
        });
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{customers:N0} customers in memory, {(encoder is null ? "without a model" : "read by the shipped model")}: {embedded:N0} bytes each in the embedded engine, {cluster:N0} in two silos, {cluster / embedded:N2} times as many"));
    }

    private static async Task<double> MeasureAsync(int customers, Func<PostgresStorageOptions, Task<(ISegmentationEngine Engine, Func<Task> Stop)>> start)
    {
        await using var schema = await BenchmarkSchema.CreateAsync();
        var (engine, stop) = await start(schema.Options);
        var options = new SimulationOptions { Customers = customers, HistoryDays = 90, Start = TimeProvider.System.GetUtcNow().AddDays(-90) };
        // Engine and silos have their own memory before the first customer.
        var before = await SettleAsync();
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in new ShopSimulation(options).Events().TakeWhile(e => e.Event.TimestampMs < TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()).Chunk(2_000))
        {
            for (var open = chunk.Select(e => new TrackRequest { CustomerId = e.CustomerId, Events = [e.Event] }).ToArray(); open.Length > 0;)
            {
                var receipts = await engine.TrackAsync(open);
                open = [.. open.Where((_, i) => receipts[i].Outcome != TrackOutcome.Committed)];
            }

            ids.UnionWith(chunk.Select(e => e.CustomerId));
        }

        var count = ids.Count;
        ids = null!;
        await Task.Delay(Rest, TimeProvider.System);
        var bytes = await SettleAsync() - before;
        await stop();
        return (double)bytes / count;
    }

    public static async Task<long> SettleAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            GC.Collect();
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }

        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
