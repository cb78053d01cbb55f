using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.Inference.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Inference.Tests.Library;

/// <summary>A session pool over a test model.</summary>
internal sealed class TestPool : IAsyncDisposable
{
    private readonly InferenceMetrics _metrics = new();

    public TestPool(GruModel model, InferenceOptions? options = null, TimeProvider? time = null)
    {
        options ??= new InferenceOptions { Lanes = 2, BatchWaitMs = 0 };
        Model = Describe(model);
        Pool = new SessionPool(
            TestLibrary.Runtime, Open(model, options), Model, options, time ?? TimeProvider.System, _metrics, NullLogger.Instance);
    }

    public EncoderModel Model { get; }

    public SessionPool Pool { get; }

    public static EncoderModel Describe(GruModel model) => new(
        "test", "1", model.StateSize, model.EmbeddingSize, model.FeatureColumns,
        [.. model.Classes.Select((classes, head) => ($"head{head}", (IReadOnlyList<string>)[.. Enumerable.Range(0, classes).Select(c => $"class{c}")]))]);

    public static OnnxSession Open(GruModel model, InferenceOptions? options = null) =>
        new(TestLibrary.Runtime, model.ToOnnx(), options ?? new InferenceOptions(), "test 1");

    public Task<EncoderOutcome> EncodeAsync(EncoderRequest request, CancellationToken cancellationToken = default) =>
        Pool.EncodeAsync(request, cancellationToken).AsTask();

    public async ValueTask DisposeAsync()
    {
        await Pool.DisposeAsync();
        _metrics.Dispose();
    }
}
