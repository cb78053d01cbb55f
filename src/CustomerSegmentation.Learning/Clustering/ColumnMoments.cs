using System.Numerics;
using System.Runtime.CompilerServices;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Column means and the mean column variance, with a check that every value can be squared.</summary>
internal readonly struct ColumnMoments
{
    /// <summary>Squared distances up to here cannot overflow single precision on the way to a score.</summary>
    public const double SquaresMax = float.MaxValue / 64;

    /// <summary>Rows summed in single precision before the sums move to double precision.</summary>
    private const int FlushRows = 128;

    private ColumnMoments(float[] means, double meanVariance)
    {
        Means = means;
        MeanVariance = meanVariance;
    }

    public float[] Means { get; }

    public double MeanVariance { get; }

    public static ColumnMoments Compute(Matrix data, ChunkExecutor executor, CancellationToken cancellationToken)
    {
        var columns = data.Columns;
        var partials = new double[executor.Count][];
        executor.Run((_, chunk) => partials[chunk] = SumChunk(data, executor.Bounds(chunk)), cancellationToken);

        var sums = new double[2 * columns];
        foreach (var partial in partials)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += partial[i];
            }
        }

        ThrowIfOverflowing(data, sums.AsSpan(columns));
        var means = new float[columns];
        var variance = 0.0;
        for (var j = 0; j < columns; j++)
        {
            var offset = sums[j] / data.Rows;
            means[j] = (float)(data[0, j] + offset);
            variance += Math.Max(0, (sums[columns + j] / data.Rows) - (offset * offset));
        }

        return new ColumnMoments(means, variance / columns);
    }

    /// <summary>Sums of x - x0, then of (x - x0)², x0 being the first row: shifted sums lose less to cancellation.</summary>
    private static double[] SumChunk(Matrix data, (int Start, int End) bounds)
    {
        var columns = data.Columns;
        var sums = new double[2 * columns];
        var block = new float[2 * columns];
        var values = data.Values.Span;
        for (var start = bounds.Start; start < bounds.End; start += FlushRows)
        {
            Array.Clear(block);
            var rows = Math.Min(bounds.End - start, FlushRows);
            AddRows(values.Slice(start * columns, rows * columns), values[..columns], block.AsSpan(0, columns), block.AsSpan(columns));
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += block[i];
            }
        }

        return sums;
    }

    /// <summary>
    /// Column by vector of columns, so that the sums stay in registers; the rows of a block stay in the cache meanwhile.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddRows(ReadOnlySpan<float> rows, ReadOnlySpan<float> origin, Span<float> sums, Span<float> squares)
    {
        var columns = origin.Length;
        var j = 0;
        for (; j <= columns - Vector<float>.Count; j += Vector<float>.Count)
        {
            var (x0, sum, square) = (new Vector<float>(origin[j..]), Vector<float>.Zero, Vector<float>.Zero);
            for (var i = j; i < rows.Length; i += columns)
            {
                var difference = new Vector<float>(rows[i..]) - x0;
                sum += difference;
                square = Vector.MultiplyAddEstimate(difference, difference, square);
            }

            sum.CopyTo(sums[j..]);
            square.CopyTo(squares[j..]);
        }

        for (; j < columns; j++)
        {
            for (var i = j; i < rows.Length; i += columns)
            {
                var difference = rows[i] - origin[j];
                sums[j] += difference;
                squares[j] += difference * difference;
            }
        }
    }

    /// <summary>
    /// Not-a-number and infinities reach the sums. Where all squares together stay well inside single precision, so does every squared
    /// distance.
    /// </summary>
    private static void ThrowIfOverflowing(Matrix data, ReadOnlySpan<double> squares)
    {
        var total = 0.0;
        foreach (var square in squares)
        {
            total += square;
        }

        if (total < SquaresMax)
        {
            return;
        }

        var values = data.Values.Span;
        var worst = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                worst = i;
                break;
            }

            worst = Math.Abs(values[i]) > Math.Abs(values[worst]) ? i : worst;
        }

        throw new InvalidMatrixException(worst / data.Columns, worst % data.Columns, values[worst]);
    }
}
