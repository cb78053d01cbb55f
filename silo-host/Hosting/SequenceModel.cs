using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>The sequence encoder of this process: ONNX Runtime with a model, or nothing and the reason.</summary>
internal sealed class SequenceModel : IAsyncDisposable
{
    private readonly ModelRegistry? _registry;

    private SequenceModel(ModelRegistry registry) => (_registry, Encoder) = (registry, registry);

    private SequenceModel(string lacking) => (Lacking, Encoder) = (lacking, new NoEncoder(lacking));

    /// <summary>Why there is no model; null when there is one.</summary>
    public string? Lacking { get; }

    /// <summary>What the engine has events read by.</summary>
    public IEncoder Encoder { get; }

    /// <summary>Models that are loaded.</summary>
    public IReadOnlyList<ModelStatus> Models => _registry?.Models ?? [];

    /// <summary>Loads and activates a model. What is missing or broken leaves features alone (<see cref="Lacking"/>), and the service starts.</summary>
    /// <param name="manifest">Path of the model's manifest, relative to the program's folder; empty for no model.</param>
    /// <param name="options">The library and the limits of batching.</param>
    /// <param name="time">Clock of the batching.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    public static async Task<SequenceModel> OpenAsync(
        string manifest, InferenceOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(manifest, AppContext.BaseDirectory);
        if (manifest.Length == 0 || !File.Exists(path))
        {
            return new SequenceModel(manifest.Length == 0 ? "none is configured" : $"{path} is not there");
        }

        ModelRegistry? registry = null;
        try
        {
            registry = new ModelRegistry(
                OnnxRuntime.Load(options), new FolderModelSource(Path.GetDirectoryName(path)!), options, time, loggers.CreateLogger<ModelRegistry>());
            var model = await registry.LoadAsync(Path.GetFileName(path), cancellationToken);
            registry.Activate(model.Id);
            return new SequenceModel(registry);
        }
        catch (Exception e)
        {
            if (registry is not null)
            {
                await registry.DisposeAsync();
            }

            if (e is OnnxRuntimeMissingException or OnnxRuntimeException or ModelRefusedException)
            {
                return new SequenceModel(e.Message);
            }

            throw;
        }
    }

    /// <summary>Unloads the model. Comes after the engine's stop.</summary>
    public ValueTask DisposeAsync() => _registry?.DisposeAsync() ?? ValueTask.CompletedTask;
}
