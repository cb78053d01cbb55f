namespace CustomerSegmentation.Storage.TestKit;

/// <summary>The limits that a conformance test needs of the storage under test.</summary>
public sealed record StorageLimits
{
    public int JournalQueueAppendsMax { get; init; } = 1000;

    public long JournalQueueBytesMax { get; init; } = 1 << 20;

    /// <summary>How long a held-up commit waits before it fails, where the storage waits at all.</summary>
    public int CommitPatienceMs { get; init; } = 60_000;

    public int RejectionsMax { get; init; } = 1000;

    /// <summary>Small, so that lists of checkpoints span several transactions.</summary>
    public int CheckpointChunkMax { get; init; } = 3;
}
