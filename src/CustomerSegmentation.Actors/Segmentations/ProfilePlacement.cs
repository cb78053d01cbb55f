using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Places stored profiles in a segmentation, one at a time.</summary>
internal sealed class ProfilePlacement(Segmentation segmentation, FeatureSchema schema)
{
    private readonly float[] _vector = new float[schema.Count + segmentation.EmbeddingSize + segmentation.TextSize];

    /// <summary>The vector of the row that was read last: features at the reference time, then the embeddings.</summary>
    public ReadOnlySpan<float> Vector => _vector;

    /// <summary>False for a row of another feature schema: its customer is placed when its actor is next at work.</summary>
    public bool TryPlace(ProfileRow row, long referenceTimeMs, out SegmentChoice choice)
    {
        if (!TryRead(row, referenceTimeMs))
        {
            choice = default;
            return false;
        }

        choice = segmentation.Assign(_vector, row.Assignment?.Segment);
        return true;
    }

    /// <summary>Brings a row to the reference time without placing it; false for one of another feature schema.</summary>
    public bool TryRead(ProfileRow row, long referenceTimeMs)
    {
        if (row.SchemaHash != segmentation.SchemaHash || row.Vector.Length != schema.Count)
        {
            return false;
        }

        row.Vector.Span.CopyTo(_vector);
        schema.Age(_vector, row.AsOfMs, referenceTimeMs);
        var behind = _vector.AsSpan(schema.Count);
        SegmentVector.WriteStored(segmentation.EmbeddingModel, row.EmbeddingModel, row.Embedding.Span, behind[..segmentation.EmbeddingSize]);
        SegmentVector.WriteStored(segmentation.TextModel, row.TextModel, row.Text.Span, behind[segmentation.EmbeddingSize..]);
        return true;
    }
}
