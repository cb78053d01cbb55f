using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Simulation.Tests.Encoders;

/// <summary>
/// The arithmetic of the simulated models, in whole numbers that half precision holds: the state counts the events that were read and folds them, the embedding
/// is the fold, the probabilities come from the features. So a kept answer tells what it was made of, and reading the same again gives the same to the last bit.
/// </summary>
internal static class Folding
{
    private const int Poisoned = 24;

    /// <summary>A model of this arithmetic; the version changes all numbers.</summary>
    public static EncoderModel ModelOf(int version) =>
        new("folding", version.ToString(System.Globalization.CultureInfo.InvariantCulture), stateSize: 3, embeddingSize: 2, FeatureSchema.Current.Count, [("value", ["lower", "higher"])]);

    /// <summary>Computes the answer into the request.</summary>
    /// <param name="request">Filled.</param>
    /// <param name="model">The model, that of the request unless something is wrong.</param>
    /// <param name="from">First event that is read; 0 unless something is wrong.</param>
    public static void Compute(EncoderRequest request, EncoderModel model, int from = 0)
    {
        var seed = model.Version.Sum(c => c);
        var (count, first, second) = ((int)request.State[0], (int)request.State[1], (int)request.State[2]);
        for (var row = from; row < request.EventCount; row++)
        {
            var hash = Hash(request.Events.Slice(row * TokenLayout.Columns, TokenLayout.Columns), seed);
            count = (count + 1) % 2_048;
            first = ((first * 31) + (int)(hash % 2_039)) % 2_039;
            second = ((second * 17) + (int)(hash % 1_021)) % 1_021;
        }

        (request.StateOut[0], request.StateOut[1], request.StateOut[2]) = (count, first, second);
        (request.Embedding[0], request.Embedding[1]) = (first, second);
        var higher = Hash(request.Features, seed) % 1_024 / 1_024f;
        (request.Probabilities[0], request.Probabilities[1]) = (1 - higher, higher);
    }

    /// <summary>Events that the state says were read since a start.</summary>
    public static int CountOf(EncoderState state)
    {
        Span<float> numbers = stackalloc float[state.StateSize];
        state.CopyState(numbers);
        return (int)numbers[0];
    }

    /// <summary>Whether every model refuses a history that ends with this event.</summary>
    public static bool IsPoison(in EncoderToken token)
    {
        Span<float> row = stackalloc float[TokenLayout.Columns];
        TokenLayout.Write(token, null, row);
        return IsPoison(row);
    }

    /// <summary>Whether every model refuses a history whose last event looks so.</summary>
    public static bool IsPoison(ReadOnlySpan<float> row) => Hash(row[2..], 5) % Poisoned == 0;

    private static uint Hash(ReadOnlySpan<float> numbers, int seed)
    {
        var hash = 2_166_136_261 ^ (uint)seed;
        foreach (var number in numbers)
        {
            hash = (hash ^ BitConverter.SingleToUInt32Bits(number)) * 16_777_619;
        }

        // The last step of Murmur's finalizer: the low bits depend on all.
        hash = (hash ^ (hash >> 16)) * 2_246_822_507;
        return hash ^ (hash >> 13);
    }
}
