using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// One worker's memory for assigning rows: a packed block small enough for the first-level cache, and the kernel's scores.
/// </summary>
internal sealed class AssignmentScratch
{
    private const int BlockFloatsMax = 4096;
    private const int BlockRowsMax = 64;

    private readonly CentredRows _rows;
    private readonly AlignedBuffer _block;
    private readonly AlignedBuffer _scores = new(ScoreKernel.Rows * CentroidPanels.Width);
    private readonly float[] _bestScores;
    private readonly int[] _labels;

    public AssignmentScratch(CentredRows rows)
    {
        _rows = rows;
        BlockRows = Math.Clamp(BlockFloatsMax / rows.Stride / ScoreKernel.Rows * ScoreKernel.Rows, ScoreKernel.Rows, BlockRowsMax);
        _block = new AlignedBuffer(checked(BlockRows * rows.Stride));
        _bestScores = new float[BlockRows];
        _labels = new int[BlockRows];
    }

    /// <summary>Rows packed and assigned at a time.</summary>
    public int BlockRows { get; }

    /// <summary>Nearest centroid of each row of the block; valid after <see cref="AssignBlock"/>.</summary>
    public ReadOnlySpan<int> Labels => _labels;

    /// <summary>A packed, centred row of the current block; <see cref="CentredRows.Stride"/> values.</summary>
    public ref float PackedRow(int row) => ref Unsafe.Add(ref _block.First, (nint)row * _rows.Stride);

    /// <summary>Packs <paramref name="count"/> rows from <paramref name="start"/> on.</summary>
    public void PackBlock(int start, int count) => _rows.Pack(start, count, ref _block.First);

    /// <summary>
    /// Packs <paramref name="count"/> rows from <paramref name="start"/> on and finds the nearest centroid of each; ties go to the lower
    /// index.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void AssignBlock(int start, int count, CentroidPanels panels)
    {
        PackBlock(start, count);
        ref var scores = ref _scores.First;
        ref var labels = ref MemoryMarshal.GetArrayDataReference(_labels);
        ref var best = ref MemoryMarshal.GetArrayDataReference(_bestScores);
        for (var group = 0; group < count; group += ScoreKernel.Rows)
        {
            _rows.Prefetch(start + BlockRows + group, ScoreKernel.Rows);
            for (var panel = 0; panel < panels.Panels; panel++)
            {
                ScoreKernel.Score(
                    ref PackedRow(group), _rows.Stride, ref panels.Panel(panel), ref panels.Norms(panel), panels.Columns, ref scores);
                for (var row = 0; row < ScoreKernel.Rows; row++)
                {
                    var lane = IndexOfMin(ref Unsafe.Add(ref scores, row * CentroidPanels.Width), out var score);
                    if (panel == 0 || score < Unsafe.Add(ref best, group + row))
                    {
                        Unsafe.Add(ref best, group + row) = score;
                        Unsafe.Add(ref labels, group + row) = (panel * CentroidPanels.Width) + lane;
                    }
                }
            }
        }
    }

    /// <summary>The first position of the smallest of 16 scores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int IndexOfMin(ref float scores, out float minimum)
    {
        var v0 = Vector128.LoadUnsafe(ref scores, 0);
        var v1 = Vector128.LoadUnsafe(ref scores, 4);
        var v2 = Vector128.LoadUnsafe(ref scores, 8);
        var v3 = Vector128.LoadUnsafe(ref scores, 12);
        var min = Vector128.MinNative(Vector128.MinNative(v0, v1), Vector128.MinNative(v2, v3));
        min = Vector128.MinNative(min, Vector128.Shuffle(min, Vector128.Create(2, 3, 0, 1)));
        min = Vector128.MinNative(min, Vector128.Shuffle(min, Vector128.Create(1, 0, 3, 2)));
        minimum = min.ToScalar();
        if (Vector512.IsHardwareAccelerated)
        {
            var equal = Vector512.Equals(Vector512.LoadUnsafe(ref scores), Vector512.Create(minimum));
            return System.Numerics.BitOperations.TrailingZeroCount(equal.ExtractMostSignificantBits());
        }

        var mask = Vector128.Equals(v0, min).ExtractMostSignificantBits()
            | (Vector128.Equals(v1, min).ExtractMostSignificantBits() << 4)
            | (Vector128.Equals(v2, min).ExtractMostSignificantBits() << 8)
            | (Vector128.Equals(v3, min).ExtractMostSignificantBits() << 12);
        return System.Numerics.BitOperations.TrailingZeroCount(mask);
    }
}
