using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Benchmarks.Encoders;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Engine.Orleans.Inference;
using CustomerSegmentation.Engine.Orleans.Silos;
using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.Onnx;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Cluster.Inference;

/// <summary>
/// A silo's customers read by its own session pool, as silos do that run models, and by the same pool through the grain on the same silo, as if it were another one:
/// at once, and gathered for two milliseconds as calls to other silos are. Each customer waits for the answer and sends the next event.
/// </summary>
internal static class DetourComparison
{
    private static readonly int[] Customers = [1_024, 16];

    public static async Task RunAsync(int rounds, double seconds)
    {
        var options = new InferenceOptions { Lanes = Environment.ProcessorCount };
        var runtime = OnnxRuntime.Load(options);
        var model = ShopGraph.Model;
        using var metrics = new InferenceMetrics();
        using var remoteMetrics = new RemoteInferenceMetrics();
        await using var pool = new SessionPool(
            runtime, new OnnxSession(runtime, ShopGraph.ToOnnx(), options, model.Id), model, options, TimeProvider.System, metrics, NullLogger.Instance);
        var encoder = new PooledEncoder(pool);
        await using var schema = await BenchmarkSchema.CreateAsync();
        await using var cluster = await LocalCluster.StartAsync(schema.Options, ClusterFigures.Options, silos: 1, new SiloDuties { Encoder = encoder });
        (string Name, IEncoder Encoder)[] ways =
        [
            ("own pool", encoder),
            ("grain beside it, at once", Through(cluster, model, remoteMetrics, new InferenceCallOptions { WaitMs = 0, CallsMax = 64 })),
            ("grain beside it, gathered", Through(cluster, model, remoteMetrics, new InferenceCallOptions())),
        ];
        Console.WriteLine("| round | customers at once | way | requests/s | processor µs each | bytes each |");
        Console.WriteLine("|---|---:|---|---:|---:|---:|");
        // The first round is there for the just-in-time compiler.
        for (var round = 0; round <= rounds; round++)
        {
            foreach (var customers in Customers)
            {
                for (var i = 0; i < ways.Length; i++)
                {
                    var (name, way) = ways[(i + round) % ways.Length];
                    var rate = await new PoolLoad(model, way.EncodeAsync, customers, events: 1, areFilled: true).MeasureAsync(TimeSpan.FromSeconds(seconds));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"| {(round == 0 ? "warm-up" : round)} | {customers:N0} | {name} | {rate.PerSecond:N0} | {rate.CpuMicroseconds:N1} | {rate.Bytes:N0} |"));
                }
            }
        }
    }

    private static RemoteEncoder Through(LocalCluster cluster, EncoderModel model, RemoteInferenceMetrics metrics, InferenceCallOptions options)
    {
        var silo = cluster.Services[0];
        var remote = new RemoteEncoder(silo.GetRequiredService<SiloRoster>(), silo.GetRequiredService<IGrainFactory>(), options, TimeProvider.System, metrics);
        remote.Choose(model);
        remote.Refresh();
        return remote;
    }
}
