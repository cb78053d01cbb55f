using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CustomerSegmentation.Deploy.Tests.Services;

namespace CustomerSegmentation.Deploy.Tests.Telemetry;

/// <summary>What the real service tells about itself.</summary>
public sealed class TelemetryTests
{
    private static readonly Dictionary<string, string> Nothing = [];

    [Fact]
    public async Task Metrics_are_in_prometheus_format_and_count_what_happened()
    {
        var port = RunningService.FreePort();
        await using var service = await RunningService.StartAsync(Nothing, "--set", $"Telemetry:MetricsPort={port}");
        using var http = service.Client();
        await TrackAsync(http, "ada-of-the-metrics");
        await http.PostAsJsonAsync("v1/track", new { userId = "ada-of-the-metrics" });
        using var inside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        var text = await inside.GetStringAsync("metrics");

        var scrape = Exposition.Parse(text);
        Assert.Equal(1, scrape.Sum("segmentation_events_total"));
        Assert.Equal(1, scrape.Sum("segmentation_rejections_total"));
        Assert.Equal(1, scrape.Sum("segmentation_customers_active"));
        Assert.True(scrape.Sum("segmentation_customers_memory_bytes") > 0);
        Assert.Equal(1, scrape.Sum("segmentation_ready"));
        Assert.Equal(0, scrape.Sum("segmentation_journal_queue_length"));
        Assert.Equal(1, scrape.Sum("segmentation_journal_appends_total"));
        Assert.Equal(1, scrape.Sum("segmentation_journal_commit_duration_seconds_count"));
        Assert.Equal(2, scrape.Samples.Where(s => s.Name == "http_server_request_duration_seconds_count" && s.Labels["http_route"] == "/v1/track").Sum(s => s.Value));
        Assert.True(scrape.Sum("dotnet_process_memory_working_set_bytes") > 0);
        Assert.Equal("counter", scrape.Types["segmentation_events_total"]);
        Assert.DoesNotContain("ada-of-the-metrics", text, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Sizes_of_segments_are_by_their_keys()
    {
        await using var service = await RunningService.StartAsync(Nothing, "--set", "Telemetry:SegmentsSeconds=1");
        using var http = service.Client();
        for (var i = 0; i < 40; i++)
        {
            await TrackAsync(http, $"c{i}", total: (i + 1) * 10);
        }

        (await http.PostAsJsonAsync("api/segmentations", new { segmentCount = 2 })).EnsureSuccessStatusCode();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        Exposition scrape;
        do
        {
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, patience.Token);
            scrape = Exposition.Parse(await http.GetStringAsync("metrics"));
        }
        while (!scrape.Names.Contains("segmentation_segment_customers") || scrape.Sum("segmentation_segment_customers") < 40);

        using var view = JsonDocument.Parse(await http.GetStringAsync("api/segments"));
        var keys = view.RootElement.GetProperty("segments").EnumerateArray().Select(s => s.GetProperty("key").GetString()!).Order();
        Assert.Equal(keys, scrape.Samples.Where(s => s.Name == "segmentation_segment_customers").Select(s => s.Labels["segment"]).Order());
        Assert.True(scrape.Sum("segmentation_segmentation_version") >= 1);
    }

    [Fact]
    public async Task Metrics_ask_for_the_admin_key_except_on_their_own_port_which_serves_nothing_else()
    {
        var port = RunningService.FreePort();
        await using var service = await RunningService.StartAsync(Nothing, "--set", $"Telemetry:MetricsPort={port}");
        using var stranger = service.Client(key: null);
        using var sender = service.Client(RunningService.WriteKey);
        using var admin = service.Client();
        using var inside = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await sender.GetAsync("metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await admin.GetAsync("metrics")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await inside.GetAsync("metrics")).StatusCode);
        foreach (var path in new[] { "", "healthz/live", "api/segments", "v1/track", "metrics/x" })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await inside.GetAsync(path)).StatusCode);
        }
    }

    [Fact]
    public async Task Metrics_can_be_off()
    {
        await using var service = await RunningService.StartAsync(Nothing, "--set", "Telemetry:Metrics=false");
        using var admin = service.Client();
        Assert.NotEqual("text/plain", (await admin.GetAsync("metrics")).Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Spans_and_metrics_arrive_at_the_receiver_that_the_variables_name()
    {
        await using var receiver = await OtlpReceiver.StartAsync();
        await using var service = await RunningService.StartAsync(receiver.Environment);
        using var http = service.Client();
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/track") { Content = JsonContent.Create(Order("ada", 42)) };
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        string[] metrics = ["segmentation.events", "segmentation.journal.queue.length", "segmentation.encoding.queue.length"];
        (await http.SendAsync(request)).EnsureSuccessStatusCode();

        await receiver.UntilAsync(() => receiver.Spans.Any(s => s.Name == "POST /v1/track") && receiver.Metrics.IsSupersetOf(metrics));
        var server = receiver.Spans.Single(s => s.Name == "POST /v1/track");
        Assert.Equal(("0AF7651916CD43DD8448EB211C80319C", "B7AD6B7169203331"), (server.TraceId, server.ParentId));
        var track = receiver.Spans.Single(s => s.Name == "track");
        Assert.Equal((server.TraceId, server.SpanId), (track.TraceId, track.ParentId));
        var load = receiver.Spans.Single(s => s.Name == "load customer");
        Assert.Equal((track.TraceId, track.SpanId), (load.TraceId, load.ParentId));
        Assert.Equal("customer-segmentation", receiver.Resource["service.name"]);
        Assert.Equal("tests", receiver.Resource["deployment.environment.name"]);
    }

    [Fact]
    public async Task Log_lines_are_json_when_asked_for()
    {
        await using var service = await RunningService.StartAsync(Nothing, "--set", "Telemetry:LogFormat=Json");
        Assert.Equal(0, await service.TerminateAsync());

        var lines = service.Log.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => !line.StartsWith("page ", StringComparison.Ordinal)).ToList();
        var messages = lines.ConvertAll(line => JsonDocument.Parse(line).RootElement);
        Assert.Contains(messages, m => m.GetProperty("EventId").GetInt32() == 1000 && m.GetProperty("LogLevel").GetString() == "Information");
    }

    [Fact]
    public async Task Keys_of_the_configuration_take_the_place_of_the_file_and_several_hold_at_once()
    {
        var environment = new Dictionary<string, string> { ["Segmentation__AdminKeys__1"] = "admin_that_comes_next" };
        await using var service = await RunningService.StartAsync(environment);
        using var now = service.Client();
        using var next = service.Client("admin_that_comes_next");

        Assert.Equal(HttpStatusCode.OK, (await now.GetAsync("api/segments")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await next.GetAsync("api/segments")).StatusCode);
        Assert.DoesNotContain("keys.json", service.FilesOfFolder);
        Assert.DoesNotContain(RunningService.AdminKey, service.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_is_none_is_one_line()
    {
        var e = await Assert.ThrowsAsync<InvalidOperationException>(() => RunningService.StartAsync(Nothing, "--set", "Telemetry:OtlpEndpoint=somewhere"));
        Assert.Contains("error: 'somewhere' is no address", e.Message, StringComparison.Ordinal);
    }

    private static object Order(string customer, int total) =>
        new { userId = customer, @event = "Order Completed", properties = new { order_id = customer, total } };

    private static async Task TrackAsync(HttpClient http, string customer, int total = 42) =>
        (await http.PostAsJsonAsync("v1/track", Order(customer, total))).EnsureSuccessStatusCode();
}
