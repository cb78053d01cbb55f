using CustomerSegmentation.Deploy.Tests.Files;

namespace CustomerSegmentation.Deploy.Tests.Metrics;

/// <summary>
/// Metrics that only a silo has, by what one showed. Where the cluster engine is built, a test holds the record to a scrape; the dashboards are held to the record
/// everywhere.
/// </summary>
internal static class ClusterMetrics
{
    /// <summary>Names, and the labels of each.</summary>
    public static IReadOnlyDictionary<string, string[]> Recorded { get; } = Repository.Read("tests/CustomerSegmentation.Deploy.Tests/Metrics/cluster-metrics.txt")
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split(' '))
        .ToDictionary(words => words[0], words => words[1..], StringComparer.Ordinal);
}
