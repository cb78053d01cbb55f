using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// One pass over the rows: assigns each to its nearest centroid and sums the rows of each cluster, in the same touch of memory.
/// Sums run in single precision over a short block of rows and in double precision above it.
/// </summary>
internal sealed class LloydPass
{
    private const int FlushRowsMin = 1024;

    private readonly KMeansWorkspace _workspace;
    private readonly CentroidPanels _panels;
    private readonly int _clusterCount;
    private readonly int _stride;
    private readonly int _flushRows;
    private readonly AlignedBuffer[] _blockSums;
    private readonly double[][] _chunkSums;
    private readonly int[][] _chunkCounts;
    private readonly int[] _chunkMoved;

    public LloydPass(KMeansWorkspace workspace, int clusterCount)
    {
        _workspace = workspace;
        _clusterCount = clusterCount;
        _stride = workspace.Rows.Stride;
        _flushRows = Math.Max(FlushRowsMin, 4 * clusterCount);
        _panels = new CentroidPanels(clusterCount, workspace.Rows.Columns);
        _blockSums = new AlignedBuffer[workspace.Executor.WorkersMax];
        for (var worker = 0; worker < _blockSums.Length; worker++)
        {
            _blockSums[worker] = new AlignedBuffer(checked(clusterCount * _stride));
        }

        _chunkSums = new double[workspace.Executor.Count][];
        _chunkCounts = new int[workspace.Executor.Count][];
        _chunkMoved = new int[workspace.Executor.Count];
        Sums = new double[clusterCount * _stride];
        Counts = new int[clusterCount];
    }

    /// <summary>Sums of the centred rows of each cluster after the last pass; k × stride.</summary>
    public double[] Sums { get; }

    /// <summary>Rows of each cluster after the last pass.</summary>
    public int[] Counts { get; }

    /// <summary>Assigns every row, fills <see cref="Sums"/> and <see cref="Counts"/>, and returns how many labels changed.</summary>
    public long Run(ReadOnlySpan<float> centroids, int[] labels, CancellationToken cancellationToken)
    {
        _panels.Load(centroids, _stride);
        _workspace.Executor.Run((worker, chunk) => RunChunk(worker, chunk, labels), cancellationToken);

        Array.Clear(Sums);
        Array.Clear(Counts);
        var moved = 0L;
        for (var chunk = 0; chunk < _chunkSums.Length; chunk++)
        {
            moved += _chunkMoved[chunk];
            var (sums, counts) = (_chunkSums[chunk], _chunkCounts[chunk]);
            for (var i = 0; i < sums.Length; i++)
            {
                Sums[i] += sums[i];
            }

            for (var c = 0; c < counts.Length; c++)
            {
                Counts[c] += counts[c];
            }
        }

        return moved;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void RunChunk(int worker, int chunk, int[] labels)
    {
        var sums = _chunkSums[chunk] ??= new double[_clusterCount * _stride];
        var counts = _chunkCounts[chunk] ??= new int[_clusterCount];
        Array.Clear(sums);
        Array.Clear(counts);
        var scratch = _workspace.Scratch[worker];
        var blockSums = _blockSums[worker];
        var (start, end) = _workspace.Executor.Bounds(chunk);
        var (moved, unflushed) = (0, 0);
        for (var row = start; row < end; row += scratch.BlockRows)
        {
            var count = Math.Min(scratch.BlockRows, end - row);
            scratch.AssignBlock(row, count, _panels);
            moved += Accumulate(scratch, count, labels.AsSpan(row, count), counts, ref blockSums.First);
            unflushed += count;
            if (unflushed >= _flushRows || row + count == end)
            {
                Flush(blockSums.Span, sums);
                unflushed = 0;
            }
        }

        _chunkMoved[chunk] = moved;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Accumulate(AssignmentScratch scratch, int count, Span<int> labels, int[] counts, ref float sums)
    {
        var moved = 0;
        var nearest = scratch.Labels;
        for (var i = 0; i < count; i++)
        {
            var label = nearest[i];
            moved += label == labels[i] ? 0 : 1;
            labels[i] = label;
            counts[label]++;
            AddRow(ref scratch.PackedRow(i), ref Unsafe.Add(ref sums, (nint)label * _stride), (nuint)_stride);
        }

        return moved;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddRow(ref float row, ref float sum, nuint stride)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            for (nuint j = 0; j < stride; j += (nuint)Vector512<float>.Count)
            {
                (Vector512.LoadUnsafe(ref sum, j) + Vector512.LoadUnsafe(ref row, j)).StoreUnsafe(ref sum, j);
            }
        }
        else
        {
            for (nuint j = 0; j < stride; j += (nuint)Vector<float>.Count)
            {
                (Vector.LoadUnsafe(ref sum, j) + Vector.LoadUnsafe(ref row, j)).StoreUnsafe(ref sum, j);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Flush(Span<float> blockSums, Span<double> sums)
    {
        for (var i = 0; i < blockSums.Length && i < sums.Length; i++)
        {
            sums[i] += blockSums[i];
        }

        blockSums.Clear();
    }
}
