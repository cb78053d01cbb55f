using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// The rows of a matrix relative to the column means. Distances do not change by the shift, but the expansion
/// |x|² - 2x·c + |c|² loses far fewer digits to cancellation around the mean. Rows are shifted block by block on the way into the
/// first-level cache, so no centred copy of the matrix is made.
/// </summary>
internal sealed class CentredRows
{
    private const int LineFloats = 16;

    private readonly ReadOnlyMemory<float> _values;
    private readonly float[] _means;

    private CentredRows(Matrix data, float[] means, double meanVariance)
    {
        _values = data.Values;
        _means = means;
        Count = data.Rows;
        Columns = data.Columns;
        Stride = AlignedBuffer.PaddedLength(data.Columns);
        MeanVariance = meanVariance;
    }

    public int Count { get; }

    public int Columns { get; }

    /// <summary>Floats from one packed row to the next; a multiple of 16, the padding is zero.</summary>
    public int Stride { get; }

    /// <summary>The population variance of a column, averaged over the columns.</summary>
    public double MeanVariance { get; }

    /// <summary>Shift that was subtracted: the column means, rounded to single precision.</summary>
    public ReadOnlySpan<float> Means => _means;

    /// <summary>Checks every value and computes the column means in one pass.</summary>
    /// <exception cref="InvalidMatrixException">A value is not finite or too large.</exception>
    public static CentredRows Create(Matrix data, ChunkExecutor executor, CancellationToken cancellationToken)
    {
        var moments = ColumnMoments.Compute(data, executor, cancellationToken);
        return new CentredRows(data, moments.Means, moments.MeanVariance);
    }

    /// <summary>Copies rows start to start + count - 1, less the means, into a packed block of count × <see cref="Stride"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Pack(int start, int count, ref float block)
    {
        ref var source = ref Unsafe.Add(ref MemoryMarshal.GetReference(_values.Span), (nint)start * Columns);
        ref var means = ref MemoryMarshal.GetArrayDataReference(_means);
        for (var row = 0; row < count; row++)
        {
            Shift(ref Unsafe.Add(ref source, (nint)row * Columns), ref means, ref Unsafe.Add(ref block, (nint)row * Stride), Columns);
        }
    }

    /// <summary>
    /// Asks for rows start to start + count - 1, as far as there are any, to be brought near while the processor computes on others:
    /// the assignment of one block then overlaps the reading of the next. Does nothing where the processor has no such instruction.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public unsafe void Prefetch(int start, int count)
    {
        if (!Sse.IsSupported || start >= Count)
        {
            return;
        }

        var floats = (nint)Math.Min(count, Count - start) * Columns;
        ref var source = ref Unsafe.Add(ref MemoryMarshal.GetReference(_values.Span), (nint)start * Columns);
        for (nint i = 0; i < floats; i += LineFloats)
        {
            Sse.Prefetch1(Unsafe.AsPointer(ref Unsafe.Add(ref source, i)));
        }
    }

    /// <summary>Writes a point of the original space, less the means, to a span of <see cref="Stride"/> values.</summary>
    public void Centre(ReadOnlySpan<float> point, Span<float> centred)
    {
        centred.Clear();
        for (var j = 0; j < Columns; j++)
        {
            centred[j] = point[j] - _means[j];
        }
    }

    /// <summary>The inverse of <see cref="Centre"/>.</summary>
    public void Restore(ReadOnlySpan<float> centred, Span<float> point)
    {
        for (var j = 0; j < Columns; j++)
        {
            point[j] = centred[j] + _means[j];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Shift(ref float source, ref float means, ref float target, int columns)
    {
        var j = 0;
        if (Vector512.IsHardwareAccelerated)
        {
            for (; j <= columns - Vector512<float>.Count; j += Vector512<float>.Count)
            {
                var shifted = Vector512.LoadUnsafe(ref source, (nuint)j) - Vector512.LoadUnsafe(ref means, (nuint)j);
                shifted.StoreUnsafe(ref target, (nuint)j);
            }
        }

        for (; j <= columns - Vector<float>.Count; j += Vector<float>.Count)
        {
            var shifted = Vector.LoadUnsafe(ref source, (nuint)j) - Vector.LoadUnsafe(ref means, (nuint)j);
            shifted.StoreUnsafe(ref target, (nuint)j);
        }

        for (; j < columns; j++)
        {
            Unsafe.Add(ref target, j) = Unsafe.Add(ref source, j) - Unsafe.Add(ref means, j);
        }
    }
}
