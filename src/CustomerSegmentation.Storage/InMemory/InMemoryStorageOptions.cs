namespace CustomerSegmentation.Storage.InMemory;

/// <summary>Limits and behaviour of <see cref="InMemoryStorage"/>.</summary>
public sealed class InMemoryStorageOptions
{
    /// <summary>Appends that may wait for a commit; from 1. Default 65,536.</summary>
    public int JournalQueueAppendsMax { get; init; } = 65_536;

    /// <summary>Payload bytes that may wait for a commit; from 1. Default 64 MiB.</summary>
    public long JournalQueueBytesMax { get; init; } = 64L << 20;

    /// <summary>Rejections that are kept; from 1. Default 100,000.</summary>
    public int RejectionsMax { get; init; } = 100_000;

    /// <summary>
    /// False (default): an append is committed before <see cref="Journal.IJournal.TryAppend"/> returns. True: appends wait for
    /// <see cref="InMemoryStorage.CommitPending"/>, so that a simulation decides when a commit happens.
    /// </summary>
    public bool ManualCommit { get; init; }
}
