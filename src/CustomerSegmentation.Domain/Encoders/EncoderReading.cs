using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Encoders;

/// <summary>
/// One reading of a customer's latest events by the encoder: which events it covers, and whether its answer still fits the customer when it comes.
/// </summary>
public readonly record struct EncoderReading
{
    private readonly EncoderModel _model;
    private readonly long _seen;
    private readonly long _lateCount;
    private readonly long _lastMs;
    private readonly long _asOfMs;

    private EncoderReading(EncoderModel model, EventRing ring, long asOfMs) =>
        (_model, _seen, _lateCount, _lastMs, _asOfMs) = (model, ring.Total, ring.LateCount, ring[ring.Count - 1].TimeMs, asOfMs);

    /// <summary>The customer's number among requests: a hash of the id, the same in every process.</summary>
    public static ulong NumberOf(string customerId) => StableHash.Of(customerId);

    /// <summary>Whether there is something that this model has not read: new events, one that came late, or, for another model, all of them.</summary>
    public static bool IsDue(CustomerState state, EncoderModel model) =>
        state.Ring.Total > 0 && !(state.Encoder is { } known && known.Model == model.Id && known.Seen == state.Ring.Total && known.LateCount == state.Ring.LateCount);

    /// <summary>
    /// Fills a request with the events that are not read yet, the state before them, and the features of now. Where the state cannot be continued – another
    /// model made it, an event came late, more came than the ring holds – the ring is read from its start.
    /// </summary>
    /// <param name="state">A customer with at least one event in the ring.</param>
    /// <param name="request">Begun for the model, and empty.</param>
    /// <param name="asOfMs">Time of the features, milliseconds since 1970-01-01 UTC.</param>
    /// <exception cref="ArgumentException">The model takes another number of features.</exception>
    public static EncoderReading Begin(CustomerState state, EncoderRequest request, long asOfMs)
    {
        var ring = state.Ring;
        var model = request.Model;
        var unread = ring.Count;
        if (state.Encoder is { } known && known.Model == model.Id && known.StateSize == model.StateSize && known.LateCount == ring.LateCount
            && known.Seen <= ring.Total && ring.Total - known.Seen <= ring.Count)
        {
            unread = (int)(ring.Total - known.Seen);
            Span<float> before = model.StateSize <= 512 ? stackalloc float[model.StateSize] : new float[model.StateSize];
            known.CopyState(before);
            request.Continue(before, known.LastMs);
        }

        request.Add(ring.Tokens[^unread..]);
        state.Features.Materialize(asOfMs, request.Features);
        return new EncoderReading(model, ring, asOfMs);
    }

    /// <summary>Keeps the answer, unless an event came late meanwhile: then its place among those read is another one.</summary>
    /// <param name="state">The customer of <see cref="Begin"/>, perhaps with more events.</param>
    /// <param name="result">The answer to the request of <see cref="Begin"/>.</param>
    /// <returns>Whether it was kept.</returns>
    /// <exception cref="ArgumentException">The answer holds a number that is not finite in half precision.</exception>
    public bool TryKeep(CustomerState state, in EncoderResult result)
    {
        if (state.Ring.LateCount != _lateCount)
        {
            return false;
        }

        state.Encoder = new EncoderState(_model.Id, result.State, result.Embedding, result.Probabilities)
        {
            Seen = _seen,
            LateCount = _lateCount,
            LastMs = _lastMs,
            AsOfMs = _asOfMs,
        };
        return true;
    }
}
