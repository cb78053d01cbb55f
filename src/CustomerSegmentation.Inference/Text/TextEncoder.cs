using System.Numerics.Tensors;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Inference.Text;

/// <summary>A model that turns texts into embeddings. Calls run one after the other; long work belongs on a thread that may wait.</summary>
public sealed class TextEncoder : IDisposable
{
    private const string Embedding = "embedding";
    private const string LastHiddenState = "last_hidden_state";
    private readonly OnnxSession _session;
    private readonly WordPieceTokenizer _tokenizer;
    private readonly int _batchMax;
    private readonly bool _isPooled;
    private readonly NativeTensorOf<long> _ids;
    private readonly NativeTensorOf<long> _mask;
    private readonly NativeTensorOf<long> _types;
    private readonly NativeTensorOf<float> _output;
    private readonly nint[] _inputNames;
    private readonly nint[] _outputNames;
    private readonly NativeTensor[] _inputs;
    private readonly NativeTensor[] _outputs;
    private readonly Lock _gate = new();

    internal TextEncoder(OnnxRuntime runtime, OnnxSession session, ModelManifest manifest, WordPieceTokenizer tokenizer, int batchMax)
    {
        (_session, Manifest, _tokenizer, _batchMax) = (session, manifest, tokenizer, batchMax);
        _isPooled = session.Outputs.Any(o => o.Name == Embedding);
        var hasTypes = session.Inputs.Any(i => i.Name == "token_type_ids");
        string[] inputs = hasTypes ? ["input_ids", "attention_mask", "token_type_ids"] : ["input_ids", "attention_mask"];
        GraphShape.Require(manifest.File, "input", session.Inputs, [.. inputs.Select(name => new TensorDescription(name, TensorElement.Int64, [-1, -1]))]);
        GraphShape.Require(
            manifest.File, "output", session.Outputs,
            [_isPooled
                ? new TensorDescription(Embedding, TensorElement.Float32, [-1, manifest.EmbeddingSize])
                : new TensorDescription(LastHiddenState, TensorElement.Float32, [-1, -1, manifest.EmbeddingSize])],
            othersAllowed: true);
        (_ids, _mask, _types) = (new(runtime, 2), new(runtime, 2), new(runtime, 2));
        _output = new NativeTensorOf<float>(runtime, _isPooled ? 2 : 3);
        _inputs = hasTypes ? [_ids, _mask, _types] : [_ids, _mask];
        _outputs = [_output];
        _inputNames = session.Names(inputs);
        _outputNames = session.Names(_isPooled ? Embedding : LastHiddenState);
    }

    /// <summary>What the model says about itself.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>Numbers in an embedding.</summary>
    public int EmbeddingSize => Manifest.EmbeddingSize;

    /// <summary>Encodes texts, those of like length together.</summary>
    /// <param name="texts">Any number of them; an empty one is encoded like any other.</param>
    /// <param name="embeddings">At least <see cref="EmbeddingSize"/> numbers for each text, one row after the other.</param>
    /// <param name="cancellationToken">Checked between batches.</param>
    /// <exception cref="ArgumentException">There is not room for the embeddings.</exception>
    /// <exception cref="OnnxRuntimeException">A run failed.</exception>
    /// <exception cref="ObjectDisposedException">The encoder is closed.</exception>
    public void Encode(IReadOnlyList<string> texts, Span<float> embeddings, CancellationToken cancellationToken = default)
    {
        if (embeddings.Length < texts.Count * EmbeddingSize)
        {
            throw new ArgumentException($"{texts.Count} embeddings of {EmbeddingSize} need {texts.Count * EmbeddingSize} numbers, not {embeddings.Length}.", nameof(embeddings));
        }

        var tokens = texts.Select(_tokenizer.Tokenize).ToArray();
        var order = Enumerable.Range(0, texts.Count).OrderBy(i => tokens[i].Count).ToArray();
        for (var from = 0; from < order.Length; from += _batchMax)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var batch = order.AsSpan(from, Math.Min(_batchMax, order.Length - from));
            lock (_gate)
            {
                Run(batch, tokens);
                for (var i = 0; i < batch.Length; i++)
                {
                    Read(i, tokens[batch[i]].Count, embeddings.Slice(batch[i] * EmbeddingSize, EmbeddingSize));
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _session.Dispose();
            foreach (var tensor in (NativeTensor[])[_ids, _mask, _types, _output])
            {
                tensor.Dispose();
            }
        }
    }

    private void Run(ReadOnlySpan<int> batch, IReadOnlyList<int>[] tokens)
    {
        // Ordered by length: the last is the longest.
        var longest = tokens[batch[^1]].Count;
        _ids.Reshape(batch.Length, longest);
        _mask.Reshape(batch.Length, longest);
        _types.Reshape(batch.Length, longest);
        _ids.Elements.Fill(_tokenizer.Vocabulary.Padding);
        _mask.Elements.Clear();
        _types.Elements.Clear();
        for (var row = 0; row < batch.Length; row++)
        {
            var text = tokens[batch[row]];
            for (var i = 0; i < text.Count; i++)
            {
                _ids.Elements[(row * longest) + i] = text[i];
                _mask.Elements[(row * longest) + i] = 1;
            }
        }

        if (_isPooled)
        {
            _output.Reshape(batch.Length, EmbeddingSize);
        }
        else
        {
            _output.Reshape(batch.Length, longest, EmbeddingSize);
        }

        _session.Run(_inputNames, _inputs, _outputNames, _outputs);
    }

    /// <summary>A row's embedding: as the graph gives it, or the mean of its hidden states over the tokens that are not padding.</summary>
    private void Read(int row, int length, Span<float> embedding)
    {
        var size = EmbeddingSize;
        if (_isPooled)
        {
            _output.Elements.Slice(row * size, size).CopyTo(embedding);
            return;
        }

        var longest = (int)_output.Shape[1];
        embedding.Clear();
        for (var i = 0; i < length; i++)
        {
            TensorPrimitives.Add(embedding, _output.Elements.Slice(((row * longest) + i) * size, size), embedding);
        }

        TensorPrimitives.Divide(embedding, length, embedding);
    }
}
