using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Deploy.Tests.Telemetry;

/// <summary>A receiver of OTLP over HTTP on a loopback port.</summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<byte[]> _traces = new();
    private readonly ConcurrentQueue<byte[]> _metrics = new();
    private readonly SemaphoreSlim _arrived = new(0);

    private OtlpReceiver()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _app = builder.Build();
        _app.MapPost("/v1/traces", context => TakeAsync(context, _traces));
        _app.MapPost("/v1/metrics", context => TakeAsync(context, _metrics));
    }

    public string Url => _app.Urls.First();

    /// <summary>What makes a service send here, soon.</summary>
    public Dictionary<string, string> Environment => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Url,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_TRACES_SAMPLER"] = "always_on",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        ["OTEL_RESOURCE_ATTRIBUTES"] = "deployment.environment.name=tests",
    };

    public IReadOnlyList<ReceivedSpan> Spans => [.. _traces.SelectMany(OtlpMessage.Spans)];

    public IReadOnlySet<string> Metrics => _metrics.SelectMany(OtlpMessage.Metrics).ToHashSet();

    public IReadOnlyDictionary<string, string> Resource => OtlpMessage.Resource(_traces.First());

    public static async Task<OtlpReceiver> StartAsync()
    {
        var receiver = new OtlpReceiver();
        await receiver._app.StartAsync();
        return receiver;
    }

    /// <summary>Waits until what came is enough.</summary>
    public async Task UntilAsync(Func<bool> enough)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (!enough())
            {
                await _arrived.WaitAsync(patience.Token);
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"what came is not enough: {string.Join(", ", Spans)}; {string.Join(", ", Metrics)}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _arrived.Dispose();
    }

    private async Task TakeAsync(HttpContext context, ConcurrentQueue<byte[]> into)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        into.Enqueue(body.ToArray());
        _arrived.Release();
        context.Response.ContentType = "application/x-protobuf";
    }
}
