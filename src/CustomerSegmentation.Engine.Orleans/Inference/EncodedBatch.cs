using System.Runtime.Serialization;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>The answer to an <see cref="EncoderBatch"/>. Immutable.</summary>
[DataContract]
public sealed class EncodedBatch
{
    /// <summary>Why nothing was run, such as a model that this silo does not have; null otherwise, and then all else is there.</summary>
    [DataMember(Order = 0)] public string? Refusal { get; init; }

    /// <summary>How each request ended, as <see cref="EncoderOutcome"/>.</summary>
    [DataMember(Order = 1)] public byte[] Outcomes { get; init; } = [];

    /// <summary>Why some were refused or failed, by their place in the batch.</summary>
    [DataMember(Order = 2)] public IReadOnlyDictionary<int, string> Reasons { get; init; } = new Dictionary<int, string>();

    /// <summary>Of each encoded request its next state, embedding and probabilities, as the bytes of little-endian floats.</summary>
    [DataMember(Order = 3)] public byte[] Numbers { get; init; } = [];

    /// <summary>Packs ended requests of one model.</summary>
    internal static EncodedBatch Pack(EncoderModel model, IReadOnlyList<EncoderRequest> requests, EncoderOutcome[] outcomes)
    {
        var encoded = outcomes.Count(o => o == EncoderOutcome.Encoded);
        var numbers = new byte[encoded * SizeOf(model) * sizeof(float)];
        var reasons = new Dictionary<int, string>();
        var into = numbers.AsSpan();
        for (var i = 0; i < outcomes.Length; i++)
        {
            if (outcomes[i] == EncoderOutcome.Encoded)
            {
                into = EncoderBatch.Write(requests[i].StateOut, into);
                into = EncoderBatch.Write(requests[i].Embedding, into);
                into = EncoderBatch.Write(requests[i].Probabilities, into);
            }
            else if (requests[i].Reason is { } reason)
            {
                reasons[i] = reason;
            }
        }
        return new EncodedBatch { Outcomes = Array.ConvertAll(outcomes, o => (byte)o), Reasons = reasons, Numbers = numbers };
    }

    /// <summary>Copies the answers into the requests; how each ended is <see cref="OutcomeOf"/>.</summary>
    /// <exception cref="ArgumentException">The answer is not one to so many requests for this model.</exception>
    internal void Unpack(EncoderModel model, IReadOnlyList<EncoderRequest> into)
    {
        if (Outcomes.Length != into.Count)
        {
            throw new ArgumentException($"{Outcomes.Length} answers to {into.Count} requests.");
        }
        var numbers = EncoderBatch.Numbers(Numbers);
        for (var i = 0; i < into.Count; i++)
        {
            if (OutcomeOf(i) == EncoderOutcome.Encoded)
            {
                EncoderBatch.Take(ref numbers, model.StateSize).CopyTo(into[i].StateOut);
                EncoderBatch.Take(ref numbers, model.EmbeddingSize).CopyTo(into[i].Embedding);
                EncoderBatch.Take(ref numbers, model.ClassCount).CopyTo(into[i].Probabilities);
            }
        }
    }

    internal EncoderOutcome OutcomeOf(int place) => (EncoderOutcome)Outcomes[place];

    private static int SizeOf(EncoderModel model) => model.StateSize + model.EmbeddingSize + model.ClassCount;
}
