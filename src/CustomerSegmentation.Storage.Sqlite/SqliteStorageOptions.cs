namespace CustomerSegmentation.Storage.Sqlite;

/// <summary>Where the database is, and its limits.</summary>
public sealed class SqliteStorageOptions
{
    /// <summary>The database file; its folder exists. SQLite keeps two more files beside it.</summary>
    public required string Path { get; init; }

    /// <summary>Appends that may wait for a commit; 1 or more. Default 65,536.</summary>
    public int JournalQueueAppendsMax { get; init; } = 65_536;

    /// <summary>Payload bytes that may wait for a commit; 1 or more. Default 64 MiB.</summary>
    public long JournalQueueBytesMax { get; init; } = 64L << 20;

    /// <summary>Appends in one commit; 1 or more. More of them share one sync of the disk, and wait longer for it. Default 4,096.</summary>
    public int CommitGroupAppendsMax { get; init; } = 4_096;

    /// <summary>
    /// Records that wait to be entered into the index of the journal; 1 or more. The more there are, the fewer pages each of them changes; up to twice as many
    /// are in memory, with some 40 bytes each and 30 for each customer among them, and a start after a crash enters what was left. Default 131,072.
    /// </summary>
    public int UnindexedRecordsMax { get; init; } = 131_072;

    /// <summary>Checkpoints or assignments in one transaction between two commit groups; 1 or more. Default 512.</summary>
    public int CheckpointChunkMax { get; init; } = 512;

    /// <summary>Writes other than appends that may wait; 1 or more. Default 16,384.</summary>
    public int WriteRequestsMax { get; init; } = 16_384;

    /// <summary>Rejections that are kept; 1 or more. Default 100,000.</summary>
    public int RejectionsMax { get; init; } = 100_000;

    /// <summary>Rejections that may wait for being written; 1 or more. Default 10,000.</summary>
    public int RejectionQueueMax { get; init; } = 10_000;

    /// <summary>Connections for reading; 1 or more. A read beyond it waits for one. Default 8.</summary>
    public int ReadersMax { get; init; } = 8;

    /// <summary>Page cache of the writing connection, in bytes. Default 64 MiB.</summary>
    public long WriterCacheBytes { get; init; } = 64L << 20;

    /// <summary>Page cache of each reading connection, in bytes. Default 4 MiB.</summary>
    public long ReaderCacheBytes { get; init; } = 4L << 20;

    /// <summary>
    /// Size of the write-ahead log at which it starts anew, in bytes; it may reach twice that while the disk is slow. Default 64 MiB.
    /// </summary>
    public long WriteAheadLogBytes { get; init; } = 64L << 20;

    /// <summary>Size that the database may reach, in bytes; 0 (default) for no limit but the disk. Beyond it, commits fail as on a full disk.</summary>
    public long DatabaseBytesMax { get; init; }

    /// <summary>
    /// Size up to which the database is rewritten after an erasure, in bytes; 0 for any. Erased content is overwritten at once; the rewriting also removes
    /// copies that SQLite may have left in unused parts of pages, and receipts wait for it, for a time that grows with the size. A larger database waits for
    /// a process that allows its size. Default 4 GiB.
    /// </summary>
    public long ScrubBytesMax { get; init; } = 4L << 30;

    /// <summary>How long to wait for a lock that another program holds, in milliseconds. Default 5,000.</summary>
    public int BusyTimeoutMs { get; init; } = 5_000;

    internal void Validate()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Path);
        ArgumentOutOfRangeException.ThrowIfLessThan(JournalQueueAppendsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(JournalQueueBytesMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CommitGroupAppendsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(UnindexedRecordsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(CheckpointChunkMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(WriteRequestsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RejectionsMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RejectionQueueMax, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(ReadersMax, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(WriterCacheBytes);
        ArgumentOutOfRangeException.ThrowIfNegative(ReaderCacheBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(WriteAheadLogBytes, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(DatabaseBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(ScrubBytesMax);
        ArgumentOutOfRangeException.ThrowIfNegative(BusyTimeoutMs);
    }
}
