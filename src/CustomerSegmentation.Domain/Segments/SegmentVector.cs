using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// What a segmentation places a customer by: the features, then the embedding where the segmentation was fitted on one. Coordinates of a customer without an
/// embedding of the segmentation's model are not numbers, which the space puts at the mean: such a customer is placed by features.
/// </summary>
public static class SegmentVector
{
    /// <summary>Numbers in the vector.</summary>
    /// <param name="segmentation">Null for features alone.</param>
    public static int SizeOf(Segmentation? segmentation) => FeatureSchema.Current.Count + (segmentation?.EmbeddingSize ?? 0);

    /// <summary>Writes a customer's vector.</summary>
    /// <param name="segmentation">Null for features alone.</param>
    /// <param name="state">The customer.</param>
    /// <param name="asOfMs">Time of the features, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="vector"><see cref="SizeOf"/> numbers.</param>
    public static void Write(Segmentation? segmentation, CustomerState state, long asOfMs, Span<float> vector)
    {
        state.Features.Materialize(asOfMs, vector[..FeatureSchema.Current.Count]);
        WriteEmbedding(segmentation, state, vector[FeatureSchema.Current.Count..]);
    }

    /// <summary>Writes the part behind the features.</summary>
    /// <param name="segmentation">Null for features alone.</param>
    /// <param name="state">The customer.</param>
    /// <param name="into">As many numbers as the segmentation's embedding has.</param>
    public static void WriteEmbedding(Segmentation? segmentation, CustomerState state, Span<float> into)
    {
        if (state.Encoder is { } known && known.Model == segmentation?.EmbeddingModel && known.EmbeddingSize == into.Length)
        {
            known.CopyEmbedding(into);
        }
        else
        {
            into.Fill(float.NaN);
        }
    }

    /// <summary>Writes the part behind the features from a stored embedding; returns whether it is of the model that is asked for.</summary>
    /// <param name="model">Name and version of the model.</param>
    /// <param name="storedModel">That of the stored embedding.</param>
    /// <param name="stored">The stored embedding.</param>
    /// <param name="into">As many numbers as the model's embedding has.</param>
    public static bool WriteEmbedding(string? model, string storedModel, ReadOnlySpan<float> stored, Span<float> into)
    {
        if (storedModel != model || stored.Length != into.Length)
        {
            into.Fill(float.NaN);
            return false;
        }

        stored.CopyTo(into);
        return true;
    }
}
