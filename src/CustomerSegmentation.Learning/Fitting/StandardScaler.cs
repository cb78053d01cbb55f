namespace CustomerSegmentation.Learning.Fitting;

/// <summary>
/// Brings columns to comparable scales: z = (t(x) - mean) / sd with t the column's transform and sd the population standard deviation of
/// t(x), then clips z to a number of standard deviations, so that one extreme customer does not become a cluster. Constant columns become
/// zero. Immutable; safe to share between threads.
/// </summary>
public sealed class StandardScaler
{
    /// <summary>A spread below this fraction of the mean's magnitude is rounding, not information.</summary>
    private const double ConstantFraction = 1e-9;

    private readonly double[] _means;
    private readonly double[] _scales;
    private readonly ColumnTransform[] _transforms;

    /// <summary>Rebuilds a scaler from its stored parts.</summary>
    /// <param name="means">Mean of each transformed column.</param>
    /// <param name="scales">Standard deviation of each transformed column; 0 marks a constant one.</param>
    /// <param name="transforms">Transform of each column.</param>
    /// <param name="clipAt">Standard deviations at which z is clipped on both sides, above 0; null does not clip.</param>
    /// <exception cref="ArgumentException">Lengths differ, a number is not finite, or a scale is negative.</exception>
    public StandardScaler(
        IReadOnlyList<double> means, IReadOnlyList<double> scales, IReadOnlyList<ColumnTransform> transforms, double? clipAt = null)
    {
        _means = [.. means];
        _scales = [.. scales];
        _transforms = [.. transforms];
        ClipAt = clipAt;
        if (_means.Length == 0 || _scales.Length != _means.Length || _transforms.Length != _means.Length)
        {
            throw new ArgumentException(
                $"{_means.Length} means, {_scales.Length} scales and {_transforms.Length} transforms are given.", nameof(means));
        }

        if (!_means.All(double.IsFinite) || !_scales.All(scale => double.IsFinite(scale) && scale >= 0))
        {
            throw new ArgumentException("Means are finite, scales are finite and at least 0.", nameof(means));
        }

        if (clipAt is <= 0 or double.NaN)
        {
            throw new ArgumentOutOfRangeException(nameof(clipAt), clipAt, "The clip is a number above 0.");
        }
    }

    /// <summary>Mean of each transformed column.</summary>
    public IReadOnlyList<double> Means => _means;

    /// <summary>Population standard deviation of each transformed column; 0 for a constant one.</summary>
    public IReadOnlyList<double> Scales => _scales;

    /// <summary>Transform of each column.</summary>
    public IReadOnlyList<ColumnTransform> Transforms => _transforms;

    /// <summary>Standard deviations at which z is clipped on both sides; null where it is not.</summary>
    public double? ClipAt { get; }

    /// <summary>Number of columns.</summary>
    public int Columns => _means.Length;

    /// <summary>Measures mean and standard deviation of every transformed column, in double precision and two passes.</summary>
    /// <param name="data">rows × columns, at least one row, finite.</param>
    /// <param name="transforms">One transform for each column; null standardises the values as they are.</param>
    /// <param name="clipAt">
    /// Standard deviations at which z is clipped on both sides, above 0; null does not clip. 4 suits clustering.
    /// </param>
    /// <exception cref="ArgumentException">There is no row, or the transforms do not fit the columns.</exception>
    /// <exception cref="InvalidMatrixException">A value is not a number or is infinite.</exception>
    public static StandardScaler Fit(Matrix data, IReadOnlyList<ColumnTransform>? transforms = null, double? clipAt = null)
    {
        transforms ??= new ColumnTransform[data.Columns];
        if (data.Rows == 0 || transforms.Count != data.Columns)
        {
            throw new ArgumentException(
                $"At least one row is needed, and {data.Columns} transforms; {transforms.Count} are given.", nameof(transforms));
        }

        var means = new double[data.Columns];
        for (var row = 0; row < data.Rows; row++)
        {
            var x = data.Row(row);
            for (var j = 0; j < x.Length; j++)
            {
                means[j] += float.IsFinite(x[j])
                    ? Forward(transforms[j], x[j]) / data.Rows
                    : throw new InvalidMatrixException(row, j, x[j]);
            }
        }

        var scales = new double[data.Columns];
        for (var row = 0; row < data.Rows; row++)
        {
            var x = data.Row(row);
            for (var j = 0; j < x.Length; j++)
            {
                var difference = Forward(transforms[j], x[j]) - means[j];
                scales[j] += difference * difference / data.Rows;
            }
        }

        for (var j = 0; j < scales.Length; j++)
        {
            var deviation = Math.Sqrt(scales[j]);
            scales[j] = deviation > ConstantFraction * Math.Abs(means[j]) ? deviation : 0;
        }

        return new StandardScaler(means, scales, transforms, clipAt);
    }

    /// <summary>
    /// Scales all rows into a new matrix of the same shape. A value that is not a number stays one; an
    /// infinite one ends at the clip.
    /// </summary>
    /// <exception cref="ArgumentException">The columns do not fit.</exception>
    public Matrix Transform(Matrix data)
    {
        var scaled = new float[data.Values.Length];
        for (var row = 0; row < data.Rows; row++)
        {
            Transform(data.Row(row), scaled.AsSpan(row * Columns, Columns));
        }

        return new Matrix(scaled, data.Rows, data.Columns);
    }

    /// <summary>Scales one row; both spans have <see cref="Columns"/> values and may be the same memory.</summary>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Transform(ReadOnlySpan<float> row, Span<float> scaled)
    {
        ThrowUnlessFitting(row.Length, scaled.Length);
        var clip = ClipAt ?? double.PositiveInfinity;
        for (var j = 0; j < row.Length; j++)
        {
            var z = _scales[j] == 0 ? 0 : (Forward(_transforms[j], row[j]) - _means[j]) / _scales[j];
            scaled[j] = (float)Math.Clamp(z, -clip, clip);
        }
    }

    /// <summary>
    /// Brings one scaled row (a centroid, as a rule) back to the units of the data; both spans have <see cref="Columns"/> values and may
    /// be the same memory. What was clipped stays clipped.
    /// </summary>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void InverseTransform(ReadOnlySpan<float> scaled, Span<float> row)
    {
        ThrowUnlessFitting(row.Length, scaled.Length);
        for (var j = 0; j < row.Length; j++)
        {
            row[j] = (float)Backward(_transforms[j], (scaled[j] * _scales[j]) + _means[j]);
        }
    }

    private static double Forward(ColumnTransform transform, double value) => transform switch
    {
        ColumnTransform.Identity => value,
        ColumnTransform.SignedLog1P => Math.CopySign(double.LogP1(Math.Abs(value)), value),
        _ => throw new ArgumentOutOfRangeException(nameof(transform), transform, "Unknown column transform."),
    };

    private static double Backward(ColumnTransform transform, double value) => transform switch
    {
        ColumnTransform.Identity => value,
        ColumnTransform.SignedLog1P => Math.CopySign(double.ExpM1(Math.Abs(value)), value),
        _ => throw new ArgumentOutOfRangeException(nameof(transform), transform, "Unknown column transform."),
    };

    private void ThrowUnlessFitting(int first, int second)
    {
        if (first != Columns || second != Columns)
        {
            throw new ArgumentException($"Rows of {first} and {second} values are given; the scaler has {Columns} columns.");
        }
    }
}
