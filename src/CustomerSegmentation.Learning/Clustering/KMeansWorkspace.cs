namespace CustomerSegmentation.Learning.Clustering;

/// <summary>What every pass over the rows shares: the centred rows, their chunks, and one scratch area for each worker.</summary>
internal sealed class KMeansWorkspace
{
    private KMeansWorkspace(CentredRows rows, ChunkExecutor executor)
    {
        Rows = rows;
        Executor = executor;
        Scratch = new AssignmentScratch[executor.WorkersMax];
        for (var worker = 0; worker < Scratch.Length; worker++)
        {
            Scratch[worker] = new AssignmentScratch(rows);
        }
    }

    public CentredRows Rows { get; }

    public ChunkExecutor Executor { get; }

    public AssignmentScratch[] Scratch { get; }

    /// <exception cref="InvalidMatrixException">A value is not finite or too large.</exception>
    public static KMeansWorkspace Create(Matrix data, int clusterCount, int degreeOfParallelism, CancellationToken cancellationToken)
    {
        var partialBytes = (long)clusterCount * AlignedBuffer.PaddedLength(data.Columns) * sizeof(double);
        var executor = new ChunkExecutor(data.Rows, partialBytes, degreeOfParallelism);
        return new KMeansWorkspace(CentredRows.Create(data, executor, cancellationToken), executor);
    }

    /// <summary>Calls <paramref name="visit"/>(scratch, first row, rows) for each packed block of a chunk, in row order.</summary>
    public void ForEachPackedBlock(int worker, int chunk, Action<AssignmentScratch, int, int> visit)
    {
        var scratch = Scratch[worker];
        var (start, end) = Executor.Bounds(chunk);
        for (var row = start; row < end; row += scratch.BlockRows)
        {
            var count = Math.Min(scratch.BlockRows, end - row);
            scratch.PackBlock(row, count);
            Rows.Prefetch(row + count, scratch.BlockRows);
            visit(scratch, row, count);
        }
    }
}
