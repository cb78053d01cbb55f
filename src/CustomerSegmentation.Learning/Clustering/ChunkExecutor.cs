namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// Cuts rows into chunks and runs a body over them on one or more threads. The cut depends on the data's shape only, never on the number
/// of threads: partial results kept per chunk and reduced in chunk order are therefore the same for any degree of parallelism.
/// </summary>
internal sealed class ChunkExecutor
{
    private const int ChunkCountMax = 128;
    private const int ChunkRowsDefault = 1024;

    private readonly int _rows;
    private readonly int _chunkRows;
    private readonly int _degreeOfParallelism;

    /// <param name="rows">Rows to cut.</param>
    /// <param name="partialBytes">
    /// Bytes each chunk keeps as its partial result; together they stay under 64 MiB where four chunks do.
    /// </param>
    /// <param name="degreeOfParallelism">Threads at most; 1 runs on the calling thread.</param>
    /// <param name="chunkRowsMin">Rows in a chunk at least, so that its work outweighs the hand-over.</param>
    public ChunkExecutor(int rows, long partialBytes, int degreeOfParallelism, int chunkRowsMin = ChunkRowsDefault)
    {
        var countMax = (int)Math.Clamp((64L << 20) / Math.Max(1, partialBytes), 4, ChunkCountMax);
        _rows = rows;
        _chunkRows = Math.Max(chunkRowsMin, (int)(((long)rows + countMax - 1) / countMax));
        Count = Math.Max(1, (int)(((long)rows + _chunkRows - 1) / _chunkRows));
        _degreeOfParallelism = degreeOfParallelism;
    }

    /// <summary>Number of chunks.</summary>
    public int Count { get; }

    /// <summary>Threads that may run at once, and so the number of scratch areas needed.</summary>
    public int WorkersMax => Math.Min(_degreeOfParallelism, Count);

    /// <summary>First row of a chunk and the row after its last.</summary>
    public (int Start, int End) Bounds(int chunk)
    {
        var start = (int)Math.Min(_rows, (long)chunk * _chunkRows);
        return (start, (int)Math.Min(_rows, (long)start + _chunkRows));
    }

    /// <summary>
    /// Runs <paramref name="body"/>(worker, chunk) once for each chunk; worker counts from 0 to <see cref="WorkersMax"/> - 1.
    /// </summary>
    /// <exception cref="OperationCanceledException">The token was cancelled; some chunks may not have run.</exception>
    public void Run(Action<int, int> body, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var next = -1;
        void Drain(int worker)
        {
            int chunk;
            while (!cancellationToken.IsCancellationRequested && (chunk = Interlocked.Increment(ref next)) < Count)
            {
                body(worker, chunk);
            }
        }

        if (WorkersMax == 1)
        {
            Drain(0);
        }
        else
        {
            Parallel.For(0, WorkersMax, new ParallelOptions { MaxDegreeOfParallelism = WorkersMax }, Drain);
        }

        cancellationToken.ThrowIfCancellationRequested();
    }
}
