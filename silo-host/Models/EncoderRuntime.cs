using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>What models run on in this process: ONNX Runtime, or nothing and the reason.</summary>
internal sealed class EncoderRuntime : IAsyncDisposable
{
    private readonly OnnxRuntime? _library;
    private readonly InferenceOptions _options;

    /// <summary>Looks for the library. Where it is missing or cannot be used, there is no registry and the encoder takes nothing.</summary>
    public EncoderRuntime(InferenceOptions options, TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        try
        {
            _library = OnnxRuntime.Load(options);
            Registry = new ModelRegistry(_library, options, time, loggers.CreateLogger<ModelRegistry>());
            Encoder = Registry;
        }
        catch (Exception e) when (e is OnnxRuntimeMissingException or OnnxRuntimeException)
        {
            Missing = e.Message;
            Encoder = new NoEncoder(e.Message);
        }
    }

    /// <summary>Why nothing runs; null when the library is there.</summary>
    public string? Missing { get; }

    /// <summary>The models in memory; null without the library.</summary>
    public ModelRegistry? Registry { get; }

    /// <summary>What the engine has events read by.</summary>
    public IEncoder Encoder { get; }

    /// <exception cref="ModelException">The library is missing.</exception>
    public ModelRegistry RequireRegistry() => Registry ?? throw NoRuntime();

    /// <exception cref="ModelException">The library is missing.</exception>
    public ModelLoader LoaderOf(IModelSource source) => _library is null ? throw NoRuntime() : new ModelLoader(_library, source, _options);

    /// <summary>Unloads the models. Comes after the engine's stop.</summary>
    public ValueTask DisposeAsync() => Registry?.DisposeAsync() ?? ValueTask.CompletedTask;

    private ModelException NoRuntime() => new(ModelProblem.NoRuntime, $"Models cannot be tried here: {Missing}");
}
