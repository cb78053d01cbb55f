using System.Net.Http.Json;
using CustomerSegmentation.Deploy.Tests.Metrics;
using CustomerSegmentation.Deploy.Tests.Services;

namespace CustomerSegmentation.Deploy.Tests.Telemetry;

/// <summary>What a silo shows that one process does not.</summary>
public sealed class ClusterMetricTests
{
    [ClusterModelFact]
    public async Task A_silo_whose_customers_are_read_by_another_has_the_recorded_metrics_and_labels()
    {
        OnnxFactAttribute.Require();
        await using var database = await ClusterDatabase.CreateAsync();
        var (port, nothing) = (RunningService.FreePort(), new Dictionary<string, string>());
        await using var inference = await RunningService.StartAsync(nothing, "--cluster", "--postgres", database.ConnectionString, "--set", "Cluster:Roles=inference");
        await using var shop = await RunningService.StartAsync(
            nothing, "--cluster", "--postgres", database.ConnectionString, "--set", "Cluster:Roles=customers,api,coordinator", "--set", $"Telemetry:MetricsPort={port}");
        using var http = shop.Client();
        for (var i = 0; i < 20; i++)
        {
            (await http.PostAsJsonAsync("v1/track", new { userId = $"c{i}", @event = "Order Completed", properties = new { order_id = $"{i}", total = 10 } }))
                .EnsureSuccessStatusCode();
        }

        using var inside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Exposition scrape;
        string[] lacking;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, CancellationToken.None);
            scrape = Exposition.Parse(await inside.GetStringAsync("metrics"));
            lacking = [.. ClusterMetrics.Recorded.Where(metric => !Has(scrape, metric.Key, metric.Value)).Select(metric => metric.Key)];
        }
        while (lacking.Length > 0 && !patience.IsCancellationRequested);

        Assert.Empty(lacking);
        Assert.Equal(2, scrape.Sum("orleans_directory_ring_size"));
        Assert.True(scrape.Samples.Where(s => s.Name == "segmentation_inference_remote_requests_total" && s.Labels["outcome"] == "Encoded").Sum(s => s.Value) >= 20);
        Assert.Equal(0, scrape.Sum("segmentation_inference_remote_queue_length"));
    }

    private static bool Has(Exposition scrape, string name, string[] labels) => scrape.Samples.Any(s => s.Name == name && labels.All(s.Labels.ContainsKey));
}
