namespace CustomerSegmentation.Storage.Journal;

/// <summary>What became of a <see cref="IJournal.TryAppend"/>.</summary>
public enum AppendResult : byte
{
    Queued,

    /// <summary>The bounded queue is full; nothing was taken.</summary>
    Full,

    /// <summary>The append before it failed or was fenced, or the storage is closed: the activation is stale and must be thrown away.</summary>
    Broken,
}
