using System.Globalization;
using CustomerSegmentation.Benchmarks.Databases;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <summary>
/// Calls of 64 events from outside the cluster, each answered after its commit, beside the same calls of a grain that does nothing: one after the other in the
/// same process, over and over, once the compiler has seen enough of both. <c>cluster outside [rounds] [seconds]</c>.
/// </summary>
internal static class ClusterOutside
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(8);

    public static async Task RunAsync(int rounds, TimeSpan duration)
    {
        await using var schema = await BenchmarkSchema.CreateAsync();
        await using var cluster = await LocalCluster.StartAsync(schema.Options, ClusterFigures.Options);
        var (engine, grains) = await cluster.ConnectAsync();
        var load = new BatchLoad(ClusterFigures.Customers, ClusterFigures.Callers);
        Task<double> TrackAsync(TimeSpan time) => load.RunAsync((_, request) => engine.Customer(request.CustomerId).TrackAsync(request), time);
        Task<double> CallAsync(TimeSpan time) => load.RunAsync((_, request) => grains.GetGrain<IEmptyGrain>(request.CustomerId).TrackAsync(request), time);

        await TrackAsync(WarmUp);
        await CallAsync(WarmUp);
        var ratios = new List<double>();
        Console.WriteLine("| round | events/s from outside | empty calls, events/s | ratio |\n|---|---:|---:|---:|");
        for (var round = 1; round <= rounds; round++)
        {
            var (tracked, empty) = (await TrackAsync(duration), await CallAsync(duration));
            ratios.Add(tracked / empty);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {round} | {tracked:N0} | {empty:N0} | {ratios[^1]:F2} |"));
        }

        ratios.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median {ratios[ratios.Count / 2]:F2}, {ratios[0]:F2} to {ratios[^1]:F2}"));
    }
}
