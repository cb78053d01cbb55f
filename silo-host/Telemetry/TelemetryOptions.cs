using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.SiloHost.Telemetry;

/// <summary>What the service tells about itself, and to whom.</summary>
internal sealed class TelemetryOptions
{
    [Description("Metrics at /metrics in Prometheus' text format, with the admin key where keys are asked for")]
    public bool Metrics { get; set; } = true;

    [Range(0, 65_535)]
    [Description(
        "Port, on the hosts of --urls, that answers /metrics without a key and nothing else: keep it inside; 0 for none. A silo without the role api has its metrics "
        + "there alone")]
    public int MetricsPort { get; set; }

    [Description(
        "OTLP receiver of traces and metrics, such as http://127.0.0.1:4317; empty for what OTEL_EXPORTER_OTLP_ENDPOINT says. Without either nothing is sent. "
        + "The other variables of OpenTelemetry (OTEL_EXPORTER_OTLP_PROTOCOL, OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES, OTEL_TRACES_SAMPLER) hold too")]
    public string OtlpEndpoint { get; set; } = "";

    [Range(0, 1)]
    [Description("Share of requests that are traced when the caller has not decided; OTEL_TRACES_SAMPLER overrules it")]
    public double TraceShare { get; set; } = 0.1;

    [Range(1, 3_600)]
    [Description("Seconds between looks at the sizes of segments, for the metrics")]
    public int SegmentsSeconds { get; set; } = 15;

    [Description("How log lines look: Text for people, Json for what collects the logs of containers")]
    public LogFormat LogFormat { get; set; }
}
