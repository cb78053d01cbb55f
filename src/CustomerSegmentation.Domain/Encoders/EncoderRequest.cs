using System.Threading.Tasks.Sources;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Encoders;

/// <summary>
/// One customer's new events on their way through the encoder, and the answer. Its memory is kept and used again: begin it, fill it, have it encoded, read
/// <see cref="Result"/>, return it. Not for use by two threads at once.
/// </summary>
public sealed class EncoderRequest : IValueTaskSource<EncoderOutcome>
{
    /// <summary>Most events in a request: longer histories are sent as several, each continuing the state of the one before.</summary>
    public const int EventsMax = 512;

    private ManualResetValueTaskSourceCore<EncoderOutcome> _completion;
    private EncoderModel? _model;
    private float[] _events = [];

    // State, features, next state, embedding, probabilities: one after the other, so that a request touches little memory.
    private float[] _numbers = [];
    private long? _lastMs;
    private int _pending;

    /// <summary>The model that the request was begun for.</summary>
    /// <exception cref="InvalidOperationException">The request was not begun.</exception>
    public EncoderModel Model => _model ?? throw new InvalidOperationException("The request was not begun.");

    /// <summary>The customer's number, 0 for none; see <see cref="IEncoder.Rent"/>.</summary>
    public ulong Customer { get; private set; }

    /// <summary>Events in the request.</summary>
    public int EventCount { get; private set; }

    /// <summary>Whether the request starts a history rather than continuing one.</summary>
    public bool IsFromStart { get; private set; }

    /// <summary>The events' rows, <see cref="TokenLayout.Columns"/> numbers each.</summary>
    public ReadOnlySpan<float> Events => _events.AsSpan(0, EventCount * TokenLayout.Columns);

    /// <summary>The state before the first event.</summary>
    public ReadOnlySpan<float> State => _numbers.AsSpan(0, Model.StateSize);

    /// <summary>The customer's features, to be written by the caller: zeros at first. Columns and order as in the feature schema.</summary>
    public Span<float> Features => _numbers.AsSpan(Model.StateSize, Model.FeatureColumns);

    /// <summary>Why the request was refused or failed; null otherwise.</summary>
    public string? Reason { get; private set; }

    /// <summary>Cancels the request while it waits.</summary>
    public CancellationToken CancellationToken { get; private set; }

    /// <summary>The answer, once the outcome is <see cref="EncoderOutcome.Encoded"/>.</summary>
    public EncoderResult Result => new(Model, StateOut, Embedding, Probabilities);

    /// <summary>For the encoder: where the next state goes.</summary>
    public Span<float> StateOut => _numbers.AsSpan(Model.StateSize + Model.FeatureColumns, Model.StateSize);

    /// <summary>For the encoder: where the embedding goes.</summary>
    public Span<float> Embedding => _numbers.AsSpan((2 * Model.StateSize) + Model.FeatureColumns, Model.EmbeddingSize);

    /// <summary>For the encoder: where the probabilities go.</summary>
    public Span<float> Probabilities => _numbers.AsSpan((2 * Model.StateSize) + Model.FeatureColumns + Model.EmbeddingSize, Model.ClassCount);

    /// <summary>Makes the request empty: no events, a state and features of zeros.</summary>
    /// <exception cref="InvalidOperationException">It is under way.</exception>
    public void Begin(EncoderModel model, ulong customer)
    {
        if (Volatile.Read(ref _pending) != 0)
        {
            throw new InvalidOperationException("A request that is under way cannot be begun anew.");
        }

        _model = model;
        Customer = customer;
        EventCount = 0;
        IsFromStart = true;
        Reason = null;
        _lastMs = null;
        var size = (2 * model.StateSize) + model.FeatureColumns + model.EmbeddingSize + model.ClassCount;
        if (_numbers.Length < size)
        {
            _numbers = new float[size];
        }

        _numbers.AsSpan(0, model.StateSize + model.FeatureColumns).Clear();
    }

    /// <summary>Continues a history that the same model has read before. Comes before the first event.</summary>
    /// <param name="state">The state after the last event read, <see cref="EncoderModel.StateSize"/> numbers.</param>
    /// <param name="lastMs">Time of that event, in milliseconds since 1970-01-01 UTC.</param>
    /// <exception cref="ArgumentException">The state has another size.</exception>
    /// <exception cref="InvalidOperationException">There are events already.</exception>
    public void Continue(ReadOnlySpan<float> state, long lastMs)
    {
        if (state.Length != Model.StateSize)
        {
            throw new ArgumentException($"{Model.Id} has a state of {Model.StateSize} numbers, not {state.Length}.", nameof(state));
        }

        if (EventCount > 0)
        {
            throw new InvalidOperationException("The state comes before the events.");
        }

        state.CopyTo(_numbers);
        _lastMs = lastMs;
        IsFromStart = false;
    }

    /// <summary>Adds an event, later than or at the time of those before.</summary>
    /// <exception cref="InvalidOperationException">There are <see cref="EventsMax"/> already.</exception>
    public void Add(in EncoderToken token)
    {
        TokenLayout.Write(token, _lastMs, NextRow());
        _lastMs = token.TimeMs;
    }

    /// <summary>Adds events, oldest first.</summary>
    /// <exception cref="InvalidOperationException">They come to more than <see cref="EventsMax"/>.</exception>
    public void Add(ReadOnlySpan<EncoderToken> tokens)
    {
        foreach (ref readonly var token in tokens)
        {
            Add(token);
        }
    }

    /// <summary>Adds rows that were written elsewhere; the encoder checks them.</summary>
    /// <exception cref="ArgumentException">Not whole rows.</exception>
    /// <exception cref="InvalidOperationException">They come to more than <see cref="EventsMax"/>.</exception>
    public void AddRows(ReadOnlySpan<float> rows)
    {
        if (rows.Length % TokenLayout.Columns != 0)
        {
            throw new ArgumentException($"{rows.Length} numbers are no whole rows of {TokenLayout.Columns}.", nameof(rows));
        }

        for (var i = 0; i < rows.Length; i += TokenLayout.Columns)
        {
            rows.Slice(i, TokenLayout.Columns).CopyTo(NextRow());
        }
    }

    /// <summary>For the encoder: takes the request over until <see cref="Complete"/> or <see cref="Cancel"/>.</summary>
    /// <exception cref="InvalidOperationException">It was not begun, or is already under way.</exception>
    public ValueTask<EncoderOutcome> Start(CancellationToken cancellationToken)
    {
        _ = Model;
        if (Interlocked.Exchange(ref _pending, 1) != 0)
        {
            throw new InvalidOperationException("The request is already under way.");
        }

        _completion.Reset();
        CancellationToken = cancellationToken;
        return new ValueTask<EncoderOutcome>(this, _completion.Version);
    }

    /// <summary>For the encoder: gives the request back and continues whoever waits, on this thread unless they asked for another.</summary>
    public void Complete(EncoderOutcome outcome, string? reason = null)
    {
        Reason = reason;
        Volatile.Write(ref _pending, 0);
        _completion.SetResult(outcome);
    }

    /// <summary>For the encoder: gives the request back as cancelled.</summary>
    public void Cancel()
    {
        Volatile.Write(ref _pending, 0);
        _completion.SetException(new OperationCanceledException(CancellationToken));
    }

    EncoderOutcome IValueTaskSource<EncoderOutcome>.GetResult(short token) => _completion.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<EncoderOutcome>.GetStatus(short token) => _completion.GetStatus(token);

    void IValueTaskSource<EncoderOutcome>.OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
        _completion.OnCompleted(continuation, state, token, flags);

    private Span<float> NextRow()
    {
        if (EventCount == EventsMax)
        {
            throw new InvalidOperationException($"A request has at most {EventsMax} events.");
        }

        var start = EventCount++ * TokenLayout.Columns;
        if (start == _events.Length)
        {
            Array.Resize(ref _events, Math.Max(4 * TokenLayout.Columns, start * 2));
        }

        return _events.AsSpan(start, TokenLayout.Columns);
    }
}
