using System.Numerics.Tensors;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference.Onnx;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// Room for some requests in tensors of a session, a row for each. Different threads may write different rows at the same time; all else is for one thread.
/// </summary>
internal sealed class SequenceRows : IDisposable
{
    private readonly OnnxRuntime _runtime;
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
    private readonly int _rowSize;

    /// <param name="runtime">The library.</param>
    /// <param name="session">An encoder's graph.</param>
    /// <param name="model">The encoder.</param>
    /// <param name="count">Rows.</param>
    /// <param name="events">Events that each has room for.</param>
    public SequenceRows(OnnxRuntime runtime, OnnxSession session, EncoderModel model, int count, int events)
    {
        (_runtime, _session, _model, Count, _rowSize) = (runtime, session, model, count, events * TokenLayout.Columns);
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
        _events.Reserve(count * _rowSize);
        _lengths.Reserve(count);
        _state.Reserve(count * model.StateSize);
        _features.Reserve(count * model.FeatureColumns);
    }

    /// <summary>How many rows there are.</summary>
    public int Count { get; }

    /// <summary>Copies what a request asks into a row.</summary>
    public void Write(int row, EncoderRequest request)
    {
        var events = _events.Row(row, _rowSize);
        request.Events.CopyTo(events);
        events[request.Events.Length..].Clear();
        _lengths.Row(row, 1)[0] = request.EventCount;
        request.State.CopyTo(_state.Row(row, _model.StateSize));
        request.Features.CopyTo(_features.Row(row, _model.FeatureColumns));
    }

    /// <summary>Copies what one row asks over that of another.</summary>
    public void Move(int from, int to)
    {
        _events.Row(from, _rowSize).CopyTo(_events.Row(to, _rowSize));
        _lengths.Row(to, 1)[0] = _lengths.Row(from, 1)[0];
        _state.Row(from, _model.StateSize).CopyTo(_state.Row(to, _model.StateSize));
        _features.Row(from, _model.FeatureColumns).CopyTo(_features.Row(to, _model.FeatureColumns));
    }

    /// <summary>Runs the first rows together. They are to be written anew before another run.</summary>
    /// <returns>Events that were read.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed: none of them has an answer.</exception>
    public int Run(int count)
    {
        var (longest, total) = (0, 0);
        for (var i = 0; i < count; i++)
        {
            var length = (int)_lengths.Row(i, 1)[0];
            longest = Math.Max(longest, length);
            total += length;
        }

        Draw(count, longest * TokenLayout.Columns);
        _events.Reshape(count, longest, TokenLayout.Columns);
        _lengths.Reshape(count);
        _state.Reshape(count, _model.StateSize);
        _features.Reshape(count, _model.FeatureColumns);
        _stateOut.Reshape(count, _model.StateSize);
        _embedding.Reshape(count, _model.EmbeddingSize);
        _probabilities.Reshape(count, _model.ClassCount);
        _session.Run(_inputNames, _inputs, _outputNames, _outputs);
        return total;
    }

    /// <summary>Copies the answer in a row to the request that asked.</summary>
    /// <returns>What is wrong with it; null when all is well.</returns>
    public string? Read(int row, EncoderRequest request)
    {
        var stateOut = _stateOut.Row(row, _model.StateSize);
        var embedding = _embedding.Row(row, _model.EmbeddingSize);
        var probabilities = _probabilities.Row(row, _model.ClassCount);
        stateOut.CopyTo(request.StateOut);
        embedding.CopyTo(request.Embedding);
        probabilities.CopyTo(request.Probabilities);
        return TensorPrimitives.IsFiniteAll<float>(stateOut) && TensorPrimitives.IsFiniteAll<float>(embedding) && TensorPrimitives.IsFiniteAll<float>(probabilities)
            ? null
            : $"{_model.Id} gave numbers that are not finite.";
    }

    /// <summary>Runs one request alone, and puts the answer in a row.</summary>
    /// <returns>Events that were read.</returns>
    /// <exception cref="OnnxRuntimeException">The run failed.</exception>
    public int RunAlone(int row, EncoderRequest request)
    {
        using var alone = new SequenceRows(_runtime, _session, _model, 1, request.EventCount);
        alone.Write(0, request);
        var events = alone.Run(1);
        alone._stateOut.Elements.CopyTo(_stateOut.Row(row, _model.StateSize));
        alone._embedding.Elements.CopyTo(_embedding.Row(row, _model.EmbeddingSize));
        alone._probabilities.Elements.CopyTo(_probabilities.Row(row, _model.ClassCount));
        return events;
    }

    public void Dispose()
    {
        foreach (var tensor in _inputs.Concat(_outputs))
        {
            tensor.Dispose();
        }
    }

    /// <summary>Draws the events' rows together, when none is as long as there is room.</summary>
    private void Draw(int count, int rowSize)
    {
        for (var i = 1; i < count && rowSize < _rowSize; i++)
        {
            _events.Row(i, _rowSize)[..rowSize].CopyTo(_events.Row(i, rowSize));
        }
    }
}
