using System.Diagnostics.Metrics;
using System.Reflection;
using CustomerSegmentation.Api;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Engine.Telemetry;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.Storage.Telemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace CustomerSegmentation.SiloHost.Telemetry;

/// <summary>OpenTelemetry: traces and metrics of every room, of the web server, the runtime, the database driver and the grains.</summary>
internal static class TelemetrySetup
{
    /// <summary>Where the metrics are.</summary>
    public const string MetricsPath = "/metrics";

    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private const string SamplerVariable = "OTEL_TRACES_SAMPLER";

    private static readonly string[] Meters =
    [
        ServiceMetrics.MeterName, JournalMetrics.MeterName, InferenceMetrics.MeterName,

        // These two are there in a cluster alone.
        "CustomerSegmentation.Engine.Orleans", "Microsoft.Orleans",
        "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime", "Npgsql",
    ];

    private static readonly string[] Sources =
        [EngineActivities.SourceName, "Microsoft.AspNetCore", "Npgsql", "Microsoft.Orleans.Application", "Microsoft.Orleans.Runtime"];

    /// <summary>Bounds of histograms of times, in seconds: from a commit on a fast disk to a call that nobody answers.</summary>
    private static readonly double[] SecondsBounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    /// <summary>Bounds of histograms of how many come together.</summary>
    private static readonly double[] CountBounds = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 2_048, 4_096];

    /// <summary>Adds what the settings ask for.</summary>
    /// <param name="services">The host's services; the engine is among them by the time it starts.</param>
    /// <param name="configuration">Where OpenTelemetry's own variables are, too.</param>
    /// <param name="options">The settings.</param>
    /// <exception cref="CommandFailure">The receiver's address is none.</exception>
    public static void Add(IServiceCollection services, IConfiguration configuration, TelemetryOptions options)
    {
        var endpoint = Endpoint(configuration, options);
        services.AddSingleton(options);
        if (!options.Metrics && endpoint is null)
        {
            return;
        }

        services.AddSingleton(provider => new ServiceMetrics(provider.GetRequiredService<ISegmentationEngine>(), provider.GetService<IEngineCounts>()));
        services.AddHostedService<SegmentSizes>();
        services.AddTransient<IStartupFilter, TelemetryFilter>();
        var telemetry = services.AddOpenTelemetry()
            .ConfigureResource(resource => resource
                .AddService("customer-segmentation", serviceVersion: Version, serviceInstanceId: Instance)
                .AddEnvironmentVariableDetector())
            .WithMetrics(metrics => Configure(metrics, options, endpoint));
        if (endpoint is not null)
        {
            telemetry.WithTracing(tracing => Configure(tracing, configuration, options, endpoint));
        }
    }

    /// <summary>Serves the metrics beside everything else, with the admin key; their own port needs no call.</summary>
    public static void Map(WebApplication app, TelemetryOptions options)
    {
        if (options.Metrics)
        {
            app.MapPrometheusScrapingEndpoint(MetricsPath).RequireAdminKey();
        }
    }

    /// <summary>Who this process is among those of the service: the pod, else machine and process.</summary>
    private static string Instance =>
        Environment.GetEnvironmentVariable("POD_NAME") is { Length: > 0 } pod ? pod : $"{Environment.MachineName}-{Environment.ProcessId}";

    private static string Version => typeof(TelemetrySetup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    private static void Configure(MeterProviderBuilder metrics, TelemetryOptions options, Uri? endpoint)
    {
        metrics.AddMeter(Meters).AddView(Shape);
        if (options.Metrics)
        {
            metrics.AddPrometheusExporter();
        }

        if (endpoint is not null)
        {
            metrics.AddOtlpExporter(exporter => Point(exporter, options, endpoint, "v1/metrics"));
        }
    }

    private static void Configure(TracerProviderBuilder tracing, IConfiguration configuration, TelemetryOptions options, Uri endpoint)
    {
        tracing.AddSource(Sources).AddOtlpExporter(exporter => Point(exporter, options, endpoint, "v1/traces"));
        if (string.IsNullOrEmpty(configuration[SamplerVariable]))
        {
            tracing.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(options.TraceShare)));
        }
    }

    /// <summary>The variables are read by the exporter itself; the setting takes the place of the address alone.</summary>
    private static void Point(OtlpExporterOptions exporter, TelemetryOptions options, Uri endpoint, string path)
    {
        if (options.OtlpEndpoint.Length > 0)
        {
            // An address that is set in code is taken as it is, where one of the environment gets the path of its signal.
            exporter.Endpoint = exporter.Protocol == OtlpExportProtocol.HttpProtobuf ? new Uri(endpoint.AbsoluteUri.TrimEnd('/') + "/" + path) : endpoint;
        }
    }

    private static MetricStreamConfiguration? Shape(Instrument instrument)
    {
        if (!instrument.Name.StartsWith("segmentation.", StringComparison.Ordinal) || instrument.GetType().GetGenericTypeDefinition() != typeof(Histogram<>))
        {
            return null;
        }

        return new ExplicitBucketHistogramConfiguration { Boundaries = instrument.Unit == "s" ? SecondsBounds : CountBounds };
    }

    private static Uri? Endpoint(IConfiguration configuration, TelemetryOptions options)
    {
        var text = options.OtlpEndpoint.Length > 0 ? options.OtlpEndpoint : configuration[EndpointVariable];
        return string.IsNullOrEmpty(text) ? null
            : Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" ? uri
            : throw new CommandFailure($"'{text}' is no address such as http://127.0.0.1:4317 (option Telemetry:OtlpEndpoint, or {EndpointVariable})");
    }
}
