using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.Onnx;
using CustomerSegmentation.Inference.Text;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Inference.Models;

/// <summary>Opens models and refuses those that do not fit: each refusal names the file and the difference.</summary>
public sealed class ModelLoader(OnnxRuntime runtime, IModelSource source, InferenceOptions options)
{
    private readonly ModelFiles _files = new(source, options.ModelBytesMax);

    /// <summary>Reads and checks a manifest alone.</summary>
    /// <exception cref="ModelRefusedException">It does not fit.</exception>
    public Task<ModelManifest> ReadManifestAsync(string file, CancellationToken cancellationToken = default) =>
        _files.ReadManifestAsync(file, cancellationToken);

    /// <summary>Opens a text encoder.</summary>
    /// <param name="file">Name of its manifest.</param>
    /// <param name="cancellationToken">Ends the reading of files.</param>
    /// <exception cref="ModelRefusedException">It does not fit.</exception>
    public async Task<TextEncoder> OpenTextEncoderAsync(string file, CancellationToken cancellationToken = default)
    {
        var manifest = await ReadAsync(file, ModelManifest.TextKind, cancellationToken);
        var words = await _files.ReadAsync(manifest.Vocabulary, manifest.VocabularySha256, cancellationToken);
        var session = Open(manifest, await _files.ReadAsync(manifest.File, manifest.Sha256, cancellationToken));
        try
        {
            var tokenizer = new WordPieceTokenizer(Vocabulary.Read(manifest.Vocabulary, words.Span), manifest.LowerCase, manifest.MaxTokens);
            return new TextEncoder(runtime, session, manifest, tokenizer, options.TextBatchMax);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>Opens a sequence encoder, tries it out, and lets go of it.</summary>
    /// <exception cref="ModelRefusedException">It does not fit.</exception>
    public async Task<ModelManifest> TryEncoderAsync(string file, CancellationToken cancellationToken = default)
    {
        var manifest = await ReadAsync(file, ModelManifest.SequenceKind, cancellationToken);
        (await OpenTriedAsync(manifest, manifest.ToEncoderModel(), cancellationToken)).Dispose();
        return manifest;
    }

    /// <summary>Opens a sequence encoder, tries it out, and starts its lanes.</summary>
    /// <exception cref="ModelRefusedException">It does not fit.</exception>
    internal async Task<LoadedModel> OpenEncoderAsync(
        string file, TimeProvider time, InferenceMetrics metrics, ILogger logger, CancellationToken cancellationToken)
    {
        var manifest = await ReadAsync(file, ModelManifest.SequenceKind, cancellationToken);
        var model = manifest.ToEncoderModel();
        var session = await OpenTriedAsync(manifest, model, cancellationToken);
        return new LoadedModel(file, manifest, new SessionPool(runtime, session, model, options, time, metrics, logger));
    }

    private async Task<OnnxSession> OpenTriedAsync(ModelManifest manifest, EncoderModel model, CancellationToken cancellationToken)
    {
        var session = Open(manifest, await _files.ReadAsync(manifest.File, manifest.Sha256, cancellationToken));
        try
        {
            RequireShape(manifest, model, session);
            EncoderProbe.Run(manifest.File, model, count => new SequenceRows(runtime, session, model, count, EncoderProbe.EventsMax));
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void RequireShape(ModelManifest manifest, EncoderModel model, OnnxSession session)
    {
        GraphShape.Require(manifest.File, "input", session.Inputs,
        [
            new TensorDescription("events", TensorElement.Float32, [-1, -1, TokenLayout.Columns]),
            new TensorDescription("lengths", TensorElement.Int64, [-1]),
            new TensorDescription("state", TensorElement.Float32, [-1, model.StateSize]),
            new TensorDescription("features", TensorElement.Float32, [-1, model.FeatureColumns]),
        ]);
        GraphShape.Require(manifest.File, "output", session.Outputs,
        [
            new TensorDescription("state_out", TensorElement.Float32, [-1, model.StateSize]),
            new TensorDescription("embedding", TensorElement.Float32, [-1, model.EmbeddingSize]),
            new TensorDescription("probabilities", TensorElement.Float32, [-1, model.ClassCount]),
        ]);
    }

    private async Task<ModelManifest> ReadAsync(string file, string kind, CancellationToken cancellationToken)
    {
        var manifest = await _files.ReadManifestAsync(file, cancellationToken);
        return manifest.Kind == kind ? manifest : throw new ModelRefusedException(file, ModelFault.Manifest, $"kind is '{manifest.Kind}', not '{kind}'");
    }

    private OnnxSession Open(ModelManifest manifest, ReadOnlyMemory<byte> graph)
    {
        try
        {
            return new OnnxSession(runtime, graph.Span, options, $"{manifest.Name} {manifest.Version} ({manifest.File})");
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelRefusedException(manifest.File, ModelFault.Graph, e.Message, e);
        }
    }
}
