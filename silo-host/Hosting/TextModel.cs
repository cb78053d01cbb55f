using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.Inference.Text;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>The text encoder of this process: ONNX Runtime with a model, or nothing and the reason.</summary>
internal sealed class TextModel : IAsyncDisposable
{
    private readonly TextPool? _pool;

    private TextModel(TextPool pool) => (_pool, Encoder) = (pool, pool);

    private TextModel(string lacking) => (Lacking, Encoder) = (lacking, NoTextEncoder.Instance);

    /// <summary>Why there is no model; null when there is one.</summary>
    public string? Lacking { get; }

    /// <summary>What the engine has texts read by.</summary>
    public ITextEncoder Encoder { get; }

    /// <summary>Loads a model. What is missing or broken leaves events without embeddings (<see cref="Lacking"/>), and the service starts.</summary>
    /// <param name="manifest">Path of the model's manifest, relative to the program's folder; empty for no model.</param>
    /// <param name="options">The library and the limits.</param>
    /// <param name="time">Clock of the limits.</param>
    /// <param name="loggers">Where to log.</param>
    /// <param name="cancellationToken">Ends the loading.</param>
    public static async Task<TextModel> OpenAsync(
        string manifest, InferenceOptions options, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(manifest, AppContext.BaseDirectory);
        if (manifest.Length == 0 || !File.Exists(path))
        {
            return new TextModel(manifest.Length == 0 ? "none is configured" : $"{path} is not there");
        }

        try
        {
            var loader = new ModelLoader(OnnxRuntime.Load(options), new FolderModelSource(Path.GetDirectoryName(path)!), options);
            var encoder = await loader.OpenTextEncoderAsync(Path.GetFileName(path), cancellationToken);
            return new TextModel(new TextPool(encoder, options, time, loggers.CreateLogger<TextPool>()));
        }
        catch (Exception e) when (e is OnnxRuntimeMissingException or OnnxRuntimeException or ModelRefusedException)
        {
            return new TextModel(e.Message);
        }
    }

    /// <summary>How it is doing.</summary>
    public TextModelView View()
    {
        var (embedded, leftOut) = _pool?.Counts ?? default;
        return new TextModelView
        {
            Id = Encoder.Model?.Id,
            Lacking = Lacking,
            EmbeddingSize = Encoder.Model?.EmbeddingSize ?? 0,
            Waiting = _pool?.Waiting ?? 0,
            Embedded = embedded,
            LeftOut = leftOut,
        };
    }

    /// <summary>Unloads the model. Comes after the engine's stop.</summary>
    public ValueTask DisposeAsync() => _pool?.DisposeAsync() ?? ValueTask.CompletedTask;
}
