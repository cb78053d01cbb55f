using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// What a segmentation places a customer by: the features, then the embedding of the customer's events, then the mean embedding of the customer's texts, each of
/// these where the segmentation was fitted on it. Coordinates of a model that knows nothing of a customer are not numbers, which the space puts at the mean: such
/// a customer is placed by the rest.
/// </summary>
public static class SegmentVector
{
    /// <summary>Numbers in the vector.</summary>
    /// <param name="segmentation">Null for features alone.</param>
    public static int SizeOf(Segmentation? segmentation) =>
        FeatureSchema.Current.Count + (segmentation is null ? 0 : segmentation.EmbeddingSize + segmentation.TextSize);

    /// <summary>Writes a customer's vector.</summary>
    /// <param name="segmentation">Null for features alone.</param>
    /// <param name="state">The customer.</param>
    /// <param name="asOfMs">Time of the features, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="vector"><see cref="SizeOf"/> numbers.</param>
    public static void Write(Segmentation? segmentation, CustomerState state, long asOfMs, Span<float> vector)
    {
        state.Features.Materialize(asOfMs, vector[..FeatureSchema.Current.Count]);
        if (segmentation is not null)
        {
            WriteEmbeddings(segmentation, state, vector[FeatureSchema.Current.Count..]);
        }
    }

    /// <summary>Writes the part behind the features.</summary>
    /// <param name="segmentation">Names the models.</param>
    /// <param name="state">The customer.</param>
    /// <param name="into">As many numbers as the segmentation's embedding and text have.</param>
    public static void WriteEmbeddings(Segmentation segmentation, CustomerState state, Span<float> into)
    {
        var embedding = into[..segmentation.EmbeddingSize];
        var text = into[segmentation.EmbeddingSize..];
        if (state.Encoder is { } known && known.Model == segmentation.EmbeddingModel && known.EmbeddingSize == embedding.Length)
        {
            known.CopyEmbedding(embedding);
        }
        else
        {
            embedding.Fill(float.NaN);
        }

        if (state.Texts?.Current is { } mean && mean.Model == segmentation.TextModel && mean.Size == text.Length)
        {
            mean.CopyTo(text);
        }
        else
        {
            text.Fill(float.NaN);
        }
    }

    /// <summary>Writes one part from what is stored of it; returns whether it is of the model that is asked for.</summary>
    /// <param name="model">Name and version of the model; empty or null for none.</param>
    /// <param name="storedModel">That of the stored numbers.</param>
    /// <param name="stored">The stored numbers.</param>
    /// <param name="into">As many numbers as the model gives.</param>
    public static bool WriteStored(string? model, string storedModel, ReadOnlySpan<float> stored, Span<float> into)
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
