using System.Net;
using System.Net.Http.Json;
using CustomerSegmentation.Deploy.Tests.Services;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.Deploy.Tests.Telemetry;

/// <summary>Traces and metrics of two silos.</summary>
public sealed class ClusterTelemetryTests
{
    [PostgresFact]
    public async Task A_trace_goes_from_the_request_through_grain_calls_to_the_silo_of_the_customer()
    {
        await using var database = await ClusterDatabase.CreateAsync();
        await using var receiver = await OtlpReceiver.StartAsync();
        var port = RunningService.FreePort();
        await using var first = await RunningService.StartAsync(
            receiver.Environment, "--cluster", "--postgres", database.ConnectionString, "--set", $"Telemetry:MetricsPort={port}");
        await using var second = await RunningService.StartAsync(receiver.Environment, "--cluster", "--postgres", database.ConnectionString);
        using var http = first.Client();
        for (var i = 0; i < 40; i++)
        {
            (await http.PostAsJsonAsync("v1/track", new { userId = $"c{i}", @event = "Order Completed", properties = new { order_id = $"{i}", total = 10 } }))
                .EnsureSuccessStatusCode();
        }

        await receiver.UntilAsync(() => receiver.Spans.Count(s => s.Name == "track") >= 40 && receiver.Spans.Count(s => s.Name == "POST /v1/track") >= 40);
        var spans = receiver.Spans.GroupBy(s => s.SpanId).ToDictionary(s => s.Key, s => s.First());
        foreach (var track in spans.Values.Where(s => s.Name == "track"))
        {
            var above = Above(track, spans).ToList();
            Assert.Equal("POST /v1/track", above[^1].Name);
            Assert.Contains(above, s => s.Scope.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal));
        }

        using var inside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var scrape = Exposition.Parse(await inside.GetStringAsync("metrics"));
        Assert.Contains(scrape.Names, name => name.StartsWith("orleans_", StringComparison.Ordinal));
        Assert.InRange(scrape.Sum("segmentation_customers_active"), 1, 39);
    }

    [PostgresFact]
    public async Task A_silo_without_the_api_has_its_metrics_on_their_own_port_and_nowhere_else()
    {
        await using var database = await ClusterDatabase.CreateAsync();
        var port = RunningService.FreePort();
        var nothing = new Dictionary<string, string>();
        await using var customers = await RunningService.StartAsync(
            nothing, "--cluster", "--postgres", database.ConnectionString, "--set", "Cluster:Roles=customers", "--set", $"Telemetry:MetricsPort={port}");
        await using var api = await RunningService.StartAsync(nothing, "--cluster", "--postgres", database.ConnectionString, "--set", "Cluster:Roles=api");
        using var http = api.Client();
        for (var i = 0; i < 10; i++)
        {
            (await http.PostAsJsonAsync("v1/track", new { userId = $"c{i}", @event = "Order Completed", properties = new { order_id = $"{i}", total = 10 } }))
                .EnsureSuccessStatusCode();
        }

        using var inside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var scrape = Exposition.Parse(await inside.GetStringAsync("metrics"));
        Assert.Equal(10, scrape.Sum("segmentation_events_total"));
        Assert.Equal(10, scrape.Sum("segmentation_customers_active"));
        Assert.Equal(10, scrape.Sum("segmentation_journal_appends_total"));
        Assert.Equal(1, scrape.Sum("segmentation_ready"));
        Assert.True(scrape.Sum("dotnet_process_memory_working_set_bytes") > 0);
        Assert.Equal(HttpStatusCode.NotFound, (await inside.GetAsync("healthz/live")).StatusCode);
        using var health = customers.Client();
        Assert.Equal(HttpStatusCode.OK, (await health.GetAsync("healthz/live")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await health.GetAsync("metrics")).StatusCode);
    }

    /// <summary>The spans that a span is in, the outermost last.</summary>
    private static IEnumerable<ReceivedSpan> Above(ReceivedSpan span, IReadOnlyDictionary<string, ReceivedSpan> spans)
    {
        while (spans.TryGetValue(span.ParentId, out var parent))
        {
            yield return span = parent;
        }
    }
}
