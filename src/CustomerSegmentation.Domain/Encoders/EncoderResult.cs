namespace CustomerSegmentation.Domain.Encoders;

/// <summary>What the encoder answered: a view of the request's own memory, valid until the request is begun anew or returned.</summary>
public readonly ref struct EncoderResult
{
    internal EncoderResult(EncoderModel model, ReadOnlySpan<float> state, ReadOnlySpan<float> embedding, ReadOnlySpan<float> probabilities)
    {
        Model = model;
        State = state;
        Embedding = embedding;
        Probabilities = probabilities;
    }

    /// <summary>The model that answered; its id marks the state.</summary>
    public EncoderModel Model { get; }

    /// <summary>The state after the last event of the request.</summary>
    public ReadOnlySpan<float> State { get; }

    public ReadOnlySpan<float> Embedding { get; }

    /// <summary>Of all heads, one after the other; a head's own part is <see cref="EncoderHead.Of"/>.</summary>
    public ReadOnlySpan<float> Probabilities { get; }
}
