using BenchmarkDotNet.Running;
using CustomerSegmentation.Benchmarks.Databases;
using CustomerSegmentation.Benchmarks.Encoders;
using CustomerSegmentation.Benchmarks.Ingestion;
using CustomerSegmentation.Benchmarks.Journal;
using CustomerSegmentation.Benchmarks.KMeans;

namespace CustomerSegmentation.Benchmarks;

internal static class Program
{
    private static async Task Main(string[] args)
    {
        switch (args)
        {
            case ["kmeans", .. var rest]:
                KMeansComparison.Run(rest);
                break;
            case ["engine", .. var rest]:
                await EngineIngestion.RunAsync(rest);
                break;
            case ["http", .. var rest]:
                await HttpIngestion.RunAsync(rest);
                break;
            case ["inference", .. var rest]:
                await InferenceComparison.RunAsync(rest);
                break;
            case ["journal", .. var rest]:
                await JournalComparison.RunAsync(rest);
                break;
            case ["memory", .. var rest]:
                await CustomerMemory.RunAsync(rest);
                break;
            case ["latency", .. var rest]:
                await SegmentLatency.RunAsync(rest);
                break;
            case ["databases", .. var rest]:
                await DatabaseIngestion.RunAsync(rest);
                break;
            case ["activation", .. var rest]:
                await ColdActivation.RunAsync(rest);
                break;
            case ["population", .. var rest]:
                await Population.RunAsync(rest);
                break;
            case ["encoding", .. var rest]:
                await EmbeddingLatency.RunAsync(rest);
                break;
            case ["spaces", .. var rest]:
                await SpaceComparison.RunAsync(rest);
                break;
#if ORLEANS
            case ["cluster", .. var rest]:
                await Cluster.ClusterFigures.RunAsync(rest);
                break;
#endif
            default:
                BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
                break;
        }
    }
}
