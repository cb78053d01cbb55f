using System.Numerics;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// The space that customers are clustered in: the chosen features, standardised, heavy tails taken as logarithms and clipped, so that neither one huge
/// account nor a group of near-identical columns rules the distances.
/// </summary>
public sealed class SegmentSpace
{
    /// <summary>Most columns that a space may have: points live on the stack.</summary>
    public const int DimensionsMax = 1_024;

    // Rows are padded to this many floats, so that every vector width reads whole registers.
    internal const int Padding = 16;

    private readonly int[] _index;
    private readonly float[] _logMask;
    private readonly float[] _mean;
    private readonly float[] _inverseDeviation;
    private readonly float[] _clip;
    private readonly float[] _weight;

    /// <exception cref="ArgumentException">No column, more than <see cref="DimensionsMax"/>, or a column whose numbers make no scale.</exception>
    public SegmentSpace(IReadOnlyList<SegmentSpaceColumn> columns)
    {
        ArgumentNullException.ThrowIfNull(columns);
        if (columns.Count is 0 or > DimensionsMax)
        {
            throw new ArgumentException($"A segmentation space has 1 to {DimensionsMax} columns, not {columns.Count}.", nameof(columns));
        }

        Columns = [.. columns];
        PaddedDimensions = (columns.Count + Padding - 1) / Padding * Padding;
        _index = new int[PaddedDimensions];
        _logMask = new float[PaddedDimensions];
        _mean = new float[PaddedDimensions];
        _inverseDeviation = new float[PaddedDimensions];
        _clip = new float[PaddedDimensions];
        _weight = new float[PaddedDimensions];
        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            if (column.Index < 0 || !float.IsFinite(column.Mean) || !(column.Deviation > 0) || !float.IsFinite(column.Deviation)
                || !(column.Clip > 0) || !(column.Weight >= 0) || !float.IsFinite(column.Weight))
            {
                throw new ArgumentException($"Column {column.Feature} has no usable scale: {column}.", nameof(columns));
            }

            _index[i] = column.Index;
            _logMask[i] = column.IsLog ? BitConverter.UInt32BitsToSingle(uint.MaxValue) : 0;
            _mean[i] = column.Mean;
            _inverseDeviation[i] = 1 / column.Deviation;
            _clip[i] = column.Clip;
            _weight[i] = column.Weight;
            FeaturesMin = Math.Max(FeaturesMin, column.Index + 1);
        }
    }

    /// <summary>The dimensions, in the order of the coordinates.</summary>
    public IReadOnlyList<SegmentSpaceColumn> Columns { get; }

    public int Dimensions => Columns.Count;

    /// <summary>Shortest feature vector that has all columns.</summary>
    public int FeaturesMin { get; }

    internal int PaddedDimensions { get; }

    /// <summary>Brings a feature vector into the space. Allocates nothing.</summary>
    /// <param name="features">Features in the order of the feature schema.</param>
    /// <param name="point">At least <see cref="Dimensions"/> floats.</param>
    /// <exception cref="ArgumentException">A span is too short.</exception>
    public void Project(ReadOnlySpan<float> features, Span<float> point)
    {
        if (point.Length < Dimensions)
        {
            throw new ArgumentException($"A point needs {Dimensions} coordinates, not {point.Length}.", nameof(point));
        }

        Span<float> padded = stackalloc float[PaddedDimensions];
        ProjectPadded(features, padded);
        padded[..Dimensions].CopyTo(point);
    }

    /// <summary>The projection with <see cref="PaddedDimensions"/> coordinates; those beyond <see cref="Dimensions"/> are zero.</summary>
    internal void ProjectPadded(ReadOnlySpan<float> features, Span<float> padded)
    {
        if (features.Length < FeaturesMin)
        {
            throw new ArgumentException($"The space needs {FeaturesMin} features, not {features.Length}.", nameof(features));
        }

        padded = padded[..PaddedDimensions];
        for (var i = 0; i < Dimensions; i++)
        {
            padded[i] = features[_index[i]];
        }

        padded[Dimensions..].Clear();
        for (var i = 0; i < padded.Length; i += Vector<float>.Count)
        {
            var value = new Vector<float>(padded[i..]);
            var log = Vector.CopySign(Vector.Log(Vector<float>.One + Vector.Abs(value)), value);
            var scaled = Vector.ConditionalSelect(new Vector<float>(_logMask, i), log, value);
            var standard = (scaled - new Vector<float>(_mean, i)) * new Vector<float>(_inverseDeviation, i);
            var clip = new Vector<float>(_clip, i);
            var clipped = Vector.Min(Vector.Max(standard, -clip), clip) * new Vector<float>(_weight, i);

            // Only a number equals itself: what is unknown sits at the mean.
            Vector.ConditionalSelect(Vector.Equals(standard, standard), clipped, Vector<float>.Zero).CopyTo(padded[i..]);
        }
    }
}
