using System.Buffers.Binary;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;
using Google.Protobuf;

namespace CustomerSegmentation.Domain.State;

/// <summary>
/// What a sequence encoder made of a customer's events: the recurrent state that it goes on from, the embedding and the class probabilities, in half
/// precision. Never changed; the next reading makes another one.
/// </summary>
public sealed class EncoderState
{
    // State, embedding, probabilities: one after the other.
    private readonly Half[] _numbers;

    /// <param name="model">Name and version of the model, <see cref="Encoders.EncoderModel.Id"/>: the numbers mean nothing to another one.</param>
    /// <param name="state">The recurrent state after the last event read; at least one number.</param>
    /// <param name="embedding">At least one number.</param>
    /// <param name="probabilities">Of all heads, one after the other.</param>
    /// <exception cref="ArgumentException">A number is not finite in half precision, or state or embedding is empty.</exception>
    public EncoderState(string model, ReadOnlySpan<float> state, ReadOnlySpan<float> embedding, ReadOnlySpan<float> probabilities)
    {
        Model = NamePool.Share(model);
        (StateSize, EmbeddingSize) = (state.Length, embedding.Length);
        _numbers = new Half[state.Length + embedding.Length + probabilities.Length];
        if (state.IsEmpty || embedding.IsEmpty)
        {
            throw new ArgumentException($"{model} left no state or no embedding.");
        }

        if (!TryRound(state, _numbers) || !TryRound(embedding, _numbers.AsSpan(StateSize)) || !TryRound(probabilities, _numbers.AsSpan(StateSize + EmbeddingSize)))
        {
            throw new ArgumentException($"{model} left a number that is not finite in half precision.");
        }
    }

    private EncoderState(string model, int stateSize, int embeddingSize, Half[] numbers) =>
        (Model, StateSize, EmbeddingSize, _numbers) = (NamePool.Share(model), stateSize, embeddingSize, numbers);

    /// <summary>Name and version of the model.</summary>
    public string Model { get; }

    /// <summary>Numbers in the recurrent state.</summary>
    public int StateSize { get; }

    /// <summary>Numbers in the embedding.</summary>
    public int EmbeddingSize { get; }

    /// <summary>Probabilities of all heads together.</summary>
    public int ClassCount => _numbers.Length - StateSize - EmbeddingSize;

    /// <summary><see cref="EventRing.Total"/> when the events were read.</summary>
    public required long Seen { get; init; }

    /// <summary><see cref="EventRing.LateCount"/> when the events were read.</summary>
    public required long LateCount { get; init; }

    /// <summary>Time of the last event read, milliseconds since 1970-01-01 UTC.</summary>
    public required long LastMs { get; init; }

    /// <summary>Time of the features that the probabilities rest on, milliseconds since 1970-01-01 UTC.</summary>
    public required long AsOfMs { get; init; }

    internal int EstimatedBytes => 72 + 24 + (2 * _numbers.Length);

    /// <summary>Writes the recurrent state, <see cref="StateSize"/> numbers.</summary>
    public void CopyState(Span<float> into) => Widen(_numbers.AsSpan(0, StateSize), into);

    /// <summary>Writes the embedding, <see cref="EmbeddingSize"/> numbers.</summary>
    public void CopyEmbedding(Span<float> into) => Widen(_numbers.AsSpan(StateSize, EmbeddingSize), into);

    /// <summary>A copy of the embedding.</summary>
    public float[] ToEmbedding()
    {
        var embedding = new float[EmbeddingSize];
        CopyEmbedding(embedding);
        return embedding;
    }

    /// <summary>Writes the probabilities, <see cref="ClassCount"/> numbers.</summary>
    public void CopyProbabilities(Span<float> into) => Widen(_numbers.AsSpan(StateSize + EmbeddingSize), into);

    internal EncoderRecord ToRecord() => new()
    {
        Model = Model,
        State = Bytes(_numbers.AsSpan(0, StateSize)),
        Embedding = Bytes(_numbers.AsSpan(StateSize, EmbeddingSize)),
        Probabilities = Bytes(_numbers.AsSpan(StateSize + EmbeddingSize)),
        Seen = Seen,
        Late = LateCount,
        LastMs = LastMs,
        AsOfMs = AsOfMs,
    };

    /// <exception cref="FormatException">An array is empty or no whole number of values, or a value is not finite.</exception>
    internal static EncoderState? FromRecord(EncoderRecord? record)
    {
        if (record is null)
        {
            return null;
        }

        var bytes = record.State.Length + record.Embedding.Length + record.Probabilities.Length;
        if (record.State.IsEmpty || record.Embedding.IsEmpty || ((record.State.Length | record.Embedding.Length | record.Probabilities.Length) & 1) != 0)
        {
            throw new FormatException($"An encoder's state of {record.State.Length}, {record.Embedding.Length} and {record.Probabilities.Length} bytes.");
        }

        var numbers = new Half[bytes / 2];
        var at = 0;
        foreach (var part in (ReadOnlySpan<ByteString>)[record.State, record.Embedding, record.Probabilities])
        {
            for (var i = 0; i < part.Length; i += 2)
            {
                numbers[at++] = BinaryPrimitives.ReadHalfLittleEndian(part.Span[i..]);
            }
        }

        if (!numbers.All(Half.IsFinite))
        {
            throw new FormatException("An encoder's state holds a number that is not finite.");
        }

        return new EncoderState(record.Model, record.State.Length / 2, record.Embedding.Length / 2, numbers)
        {
            Seen = record.Seen,
            LateCount = record.Late,
            LastMs = record.LastMs,
            AsOfMs = record.AsOfMs,
        };
    }

    private static bool TryRound(ReadOnlySpan<float> from, Span<Half> into)
    {
        for (var i = 0; i < from.Length; i++)
        {
            into[i] = (Half)from[i];
            if (!Half.IsFinite(into[i]))
            {
                return false;
            }
        }

        return true;
    }

    private static void Widen(ReadOnlySpan<Half> from, Span<float> into)
    {
        for (var i = 0; i < from.Length; i++)
        {
            into[i] = (float)from[i];
        }
    }

    private static ByteString Bytes(ReadOnlySpan<Half> from)
    {
        var bytes = new byte[from.Length * 2];
        for (var i = 0; i < from.Length; i++)
        {
            BinaryPrimitives.WriteHalfLittleEndian(bytes.AsSpan(i * 2), from[i]);
        }

        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
