using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Options of the service, bound from the configuration section <c>Segmentation</c> and validated at start.</summary>
internal sealed class ServiceOptions
{
    [Range(1, 100_000)]
    [Description("Connections at the same time; more are turned away")]
    public int ConnectionsMax { get; set; } = 4_096;

    [Range(1, 600)]
    [Description("Seconds within which a request's headers must have come")]
    public int RequestHeadersTimeoutSeconds { get; set; } = 15;

    [Range(1, 3_600)]
    [Description("Seconds that an idle connection is kept")]
    public int KeepAliveTimeoutSeconds { get; set; } = 120;

    [Range(0, 1_000_000)]
    [Description("Slowest body that is waited for, in bytes a second; 0 for any")]
    public int BodyBytesPerSecondMin { get; set; } = 240;

    [Range(100, 60_000)]
    [Description("Milliseconds that requests get to finish when the service stops")]
    public int DrainTimeoutMs { get; set; } = 2_000;

    [Description(
        "Manifest of the sequence model that reads customers' events until one is added and activated, relative to the program's folder; empty for none. "
        + "Without a model, or the library of ONNX Runtime, customers have features alone")]
    public string SequenceModel { get; set; } = "models/default.json";

    [Description(
        "Manifest of the text model that reads reviews and messages as they come, relative to the program's folder. Where it, or the library of ONNX Runtime, is "
        + "missing, events are taken without; empty for no model")]
    public string TextModel { get; set; } = "models/text.json";

    [Range(0, 36_500)]
    [Description(
        "Days after which events leave the journal, by their own time and once a snapshot covers them; older ones are refused. Exports, timelines and joins "
        + "reach no further back then, and what a snapshot holds cannot be computed anew. In a cluster the silos with the role coordinator "
        + "remove them, and all silos need the same value. 0 keeps everything")]
    public double JournalRetentionDays { get; set; }
}
