using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.Inference;

/// <summary>Where ONNX Runtime is, what it runs on, and the limits of batching.</summary>
public sealed class InferenceOptions
{
    /// <summary>Path of the shared library of ONNX Runtime; empty to look for it, none to go without. Default empty.</summary>
    public string LibraryPath { get; set; } = "";

    /// <summary>What runs the models: cpu, cuda, tensorrt, or any other provider that the library knows by name. Default cpu.</summary>
    [Required]
    public string Provider { get; set; } = "cpu";

    /// <summary>Settings of the provider by the names that ONNX Runtime gives them, such as <c>device_id</c>.</summary>
    public IDictionary<string, string> ProviderOptions { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Threads that compute one batch. With several lanes one is best on a CPU. Default 1.</summary>
    [Range(1, 1024)]
    public int IntraOpThreads { get; set; } = 1;

    /// <summary>Parts of a graph that run at once; above 1 they run in parallel. Default 1.</summary>
    [Range(1, 1024)]
    public int InterOpThreads { get; set; } = 1;

    /// <summary>Batches of one model that run at once, each on a thread of its own; 0 for as many as processors, at most 8. Default 0.</summary>
    [Range(0, 256)]
    public int Lanes { get; set; }

    /// <summary>Requests in one batch. Default 256.</summary>
    [Range(1, 65_536)]
    public int BatchMax { get; set; } = 256;

    /// <summary>Events in one batch, padding included, so that rebuilds of long histories do not hold up single events. Default 4,096.</summary>
    [Range(1, 1 << 24)]
    public int BatchEventsMax { get; set; } = 4_096;

    /// <summary>Milliseconds that a request waits at most for company; a full batch runs at once. Default 2.</summary>
    [Range(0, 1_000)]
    public double BatchWaitMs { get; set; } = 2;

    /// <summary>Requests that may wait for one model; more are answered as busy. Default 8,192.</summary>
    [Range(1, 10_000_000)]
    public int QueueMax { get; set; } = 8_192;

    /// <summary>Requests kept for use again. Default 16,384.</summary>
    [Range(0, 10_000_000)]
    public int RequestsKeptMax { get; set; } = 16_384;

    /// <summary>Models in memory at once: the active one, the one before, a shadow. Default 3.</summary>
    [Range(2, 100)]
    public int ModelsLoadedMax { get; set; } = 3;

    /// <summary>Bytes of a model file. Default 512 MiB.</summary>
    [Range(1, int.MaxValue)]
    public int ModelBytesMax { get; set; } = 512 << 20;

    /// <summary>Customers whose state a shadow model keeps for the comparison. Default 10,000.</summary>
    [Range(1, 10_000_000)]
    public int ShadowCustomersMax { get; set; } = 10_000;

    /// <summary>Texts in one batch of a text encoder. Default 16.</summary>
    [Range(1, 4_096)]
    public int TextBatchMax { get; set; } = 16;

    /// <summary>Texts that may wait for a text encoder; events with more are taken without. Default 4,096.</summary>
    [Range(1, 1_000_000)]
    public int TextQueueMax { get; set; } = 4_096;

    /// <summary>
    /// Milliseconds that a request with texts waits at most for a text encoder, for each <see cref="TextBatchMax"/> texts that it brings; then its events are taken
    /// without. Default 250.
    /// </summary>
    [Range(1, 60_000)]
    public double TextWaitMs { get; set; } = 250;

    /// <summary>Latest embeddings that a text encoder keeps, so that a text that is sent again is not read again. Default 1,024.</summary>
    [Range(0, 1_000_000)]
    public int TextsKeptMax { get; set; } = 1_024;

    /// <summary>How many lanes that is on this machine.</summary>
    internal int LaneCount => Lanes > 0 ? Lanes : Math.Min(8, Environment.ProcessorCount);
}
