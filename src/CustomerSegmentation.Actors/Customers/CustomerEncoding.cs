using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>One customer's dealings with the encoder, inside turns: what is to be read, what is on its way, what is not tried again.</summary>
internal sealed class CustomerEncoding(CustomerState state, IEncoder encoder)
{
    /// <summary>Runs that may fail with the same events before they are left alone.</summary>
    private const int FailuresMax = 3;

    private const long WakeAfterMs = 60_000;

    private EncoderReading _reading;
    private EncoderRequest? _underWay;
    private long _underWayTotal;
    private string? _refusedModel;
    private long _refusedTotal;
    private int _failures;

    /// <summary>Whether a reading has begun and not ended.</summary>
    public bool IsUnderWay => _underWay is not null;

    /// <summary>Whether the current model has not read everything that it will take.</summary>
    public bool IsDue => encoder.Model is { } model && state.MergedInto is null && EncoderReading.IsDue(state, model)
        && !(_refusedModel == model.Id && _refusedTotal == state.Ring.Total);

    /// <summary>
    /// When the customer is to be woken for the encoder, should it leave memory before it was read. In memory it waits anyway, so a pause keeps an encoder that
    /// takes nothing from having everybody refreshed all the time. The clock of a history stands still: there is no later.
    /// </summary>
    public long DueMs(long referenceMs, bool isHistorical) => !IsDue ? long.MaxValue : isHistorical ? referenceMs : referenceMs + WakeAfterMs;

    /// <summary>A request with what is new; only while <see cref="IsDue"/> and none is under way.</summary>
    public EncoderRequest? Begin(long asOfMs)
    {
        if (encoder.Model is not { } model)
        {
            return null;
        }
        var request = encoder.Rent(model, EncoderReading.NumberOf(state.CustomerId));
        _reading = EncoderReading.Begin(state, request, asOfMs);
        _underWayTotal = state.Ring.Total;
        return _underWay = request;
    }

    /// <summary>Ends what <see cref="Begin"/> began; true when the answer was kept.</summary>
    public bool End(EncoderRequest request, EncoderOutcome? outcome)
    {
        if (!ReferenceEquals(request, _underWay))
        {
            return false;
        }
        _underWay = null;
        var kept = false;
        if (outcome is EncoderOutcome.Refused || (outcome is EncoderOutcome.Failed && ++_failures >= FailuresMax))
        {
            Refuse(request.Model);
        }
        else if (outcome is EncoderOutcome.Encoded && encoder.Model?.Id == request.Model.Id)
        {
            kept = TryKeep(request);
        }
        return kept;
    }

    /// <summary>
    /// What was read last, for the profile row; null when nothing was. Null also where events came that nobody has read while there is no model: the row then asks the next model,
    /// be it the same one, to read the customer.
    /// </summary>
    public EncoderState? ForRow =>
        encoder.Model is null && state.Encoder is { } known && (known.Seen != state.Ring.Total || known.LateCount != state.Ring.LateCount) ? null : state.Encoder;

    /// <summary>The embedding for the profile row, a copy; empty when there is none.</summary>
    public float[] Embedding() => ForRow?.ToEmbedding() ?? [];

    /// <summary>For readers; null while nothing was read.</summary>
    public EncoderView? View()
    {
        if (state.Encoder is not { } known)
        {
            return null;
        }
        var heads = new Dictionary<string, IReadOnlyDictionary<string, double>>(StringComparer.Ordinal);
        if (encoder.Model is { } model && model.Id == known.Model && model.ClassCount == known.ClassCount)
        {
            var probabilities = new float[known.ClassCount];
            known.CopyProbabilities(probabilities);
            foreach (var head in model.Heads)
            {
                var classes = new Dictionary<string, double>(head.Classes.Count, StringComparer.Ordinal);
                for (var i = 0; i < head.Classes.Count; i++)
                {
                    classes[head.Classes[i]] = probabilities[head.Offset + i];
                }
                heads[head.Name] = classes;
            }
        }
        return new EncoderView { Model = known.Model, Behind = IsDue, Probabilities = heads };
    }

    private bool TryKeep(EncoderRequest request)
    {
        try
        {
            _failures = 0;
            return _reading.TryKeep(state, request.Result);
        }
        catch (ArgumentException)
        {
            // A number that is none: the same events would give it again.
            Refuse(request.Model);
            return false;
        }
    }

    /// <summary>The events that were read are left alone until something new comes, or has come meanwhile.</summary>
    private void Refuse(EncoderModel model)
    {
        _failures = 0;
        _refusedModel = model.Id;
        _refusedTotal = _underWayTotal;
    }
}
