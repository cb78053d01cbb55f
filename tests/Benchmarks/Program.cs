using BenchmarkDotNet.Running;
using CustomerSegmentation.Benchmarks.KMeans;

namespace CustomerSegmentation.Benchmarks;

internal static class Program
{
    private static void Main(string[] args)
    {
        if (args is ["kmeans", ..])
        {
            KMeansComparison.Run(args[1..]);
            return;
        }

        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
    }
}
