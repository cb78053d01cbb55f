using System.Numerics.Tensors;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>The tensors of one lane, and the copying between them and requests. For one thread.</summary>
internal sealed class SequenceRunner : IDisposable
{
    private readonly OnnxSession _session;
    private readonly EncoderModel _model;
    private readonly NativeTensorOf<float> _events;
    private readonly NativeTensorOf<long> _lengths;
    private readonly NativeTensorOf<float> _state;
    private readonly NativeTensorOf<float> _features;
    private readonly NativeTensorOf<float> _stateOut;
    private readonly NativeTensorOf<float> _embedding;
    private readonly NativeTensorOf<float> _probabilities;
    private readonly nint[] _inputNames;
    private readonly nint[] _outputNames;
    private readonly NativeTensor[] _inputs;
    private readonly NativeTensor[] _outputs;

    public SequenceRunner(OnnxRuntime runtime, OnnxSession session, EncoderModel model)
    {
        (_session, _model) = (session, model);
        _events = new NativeTensorOf<float>(runtime, 3);
        _lengths = new NativeTensorOf<long>(runtime, 1);
        _state = new NativeTensorOf<float>(runtime, 2);
        _features = new NativeTensorOf<float>(runtime, 2);
        _stateOut = new NativeTensorOf<float>(runtime, 2);
        _embedding = new NativeTensorOf<float>(runtime, 2);
        _probabilities = new NativeTensorOf<float>(runtime, 2);
        _inputs = [_events, _lengths, _state, _features];
        _outputs = [_stateOut, _embedding, _probabilities];
        _inputNames = session.Names("events", "lengths", "state", "features");
        _outputNames = session.Names("state_out", "embedding", "probabilities");
    }

    /// <summary>Runs requests together. Those whose answer is not finite are marked as failed.</summary>
    /// <param name="batch">Its requests; each gets its answer or an outcome.</param>
    /// <param name="from">The first of those to run.</param>
    /// <param name="count">How many.</param>
    /// <returns>Events that were read.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed: none of them has an answer.</exception>
    public int Run(Batch batch, int from, int count)
    {
        var requests = batch.Requests.Slice(from, count);
        var events = Load(requests);
        _session.Run(_inputNames, _inputs, _outputNames, _outputs);
        for (var i = 0; i < count; i++)
        {
            var request = requests[i];
            Row(_stateOut, i, _model.StateSize).CopyTo(request.StateOut);
            Row(_embedding, i, _model.EmbeddingSize).CopyTo(request.Embedding);
            Row(_probabilities, i, _model.ClassCount).CopyTo(request.Probabilities);
            if (!TensorPrimitives.IsFiniteAll<float>(request.StateOut) || !TensorPrimitives.IsFiniteAll<float>(request.Embedding)
                || !TensorPrimitives.IsFiniteAll<float>(request.Probabilities))
            {
                batch.Set(from + i, EncoderOutcome.Failed, $"{_model.Id} gave numbers that are not finite.");
            }
        }

        return events;
    }

    public void Dispose()
    {
        foreach (var tensor in _inputs.Concat(_outputs))
        {
            tensor.Dispose();
        }
    }

    private static Span<float> Row(NativeTensorOf<float> tensor, int row, int size) => tensor.Elements.Slice(row * size, size);

    private int Load(ReadOnlySpan<EncoderRequest> requests)
    {
        var (longest, total) = (0, 0);
        foreach (var request in requests)
        {
            longest = Math.Max(longest, request.EventCount);
            total += request.EventCount;
        }

        var batch = requests.Length;
        var rowSize = longest * TokenLayout.Columns;
        _events.Reshape(batch, longest, TokenLayout.Columns);
        _lengths.Reshape(batch);
        _state.Reshape(batch, _model.StateSize);
        _features.Reshape(batch, _model.FeatureColumns);
        _stateOut.Reshape(batch, _model.StateSize);
        _embedding.Reshape(batch, _model.EmbeddingSize);
        _probabilities.Reshape(batch, _model.ClassCount);
        var events = _events.Elements;
        var lengths = _lengths.Elements;
        for (var i = 0; i < requests.Length; i++)
        {
            var request = requests[i];
            var row = events.Slice(i * rowSize, rowSize);
            request.Events.CopyTo(row);
            row[request.Events.Length..].Clear();
            lengths[i] = request.EventCount;
            request.State.CopyTo(Row(_state, i, _model.StateSize));
            request.Features.CopyTo(Row(_features, i, _model.FeatureColumns));
        }

        return total;
    }
}
