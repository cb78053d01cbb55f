using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Places stored profiles in a segmentation, one at a time.</summary>
internal sealed class ProfilePlacement(Segmentation segmentation, FeatureSchema schema)
{
    private readonly float[] _vector = new float[schema.Count];

    /// <summary>The features of the row that was placed last, at the reference time.</summary>
    public ReadOnlySpan<float> Vector => _vector;

    /// <summary>False for a row of another feature schema: its customer is placed when its actor is next at work.</summary>
    public bool TryPlace(ProfileRow row, long referenceTimeMs, out SegmentChoice choice)
    {
        if (row.SchemaHash != segmentation.SchemaHash || row.Vector.Length != _vector.Length)
        {
            choice = default;
            return false;
        }

        row.Vector.Span.CopyTo(_vector);
        schema.Age(_vector, row.AsOfMs, referenceTimeMs);
        choice = segmentation.Assign(_vector, row.Assignment?.Segment);
        return true;
    }
}
