namespace CustomerSegmentation.Storage.Journal;

/// <summary>How an append ended.</summary>
public enum JournalOutcome : byte
{
    Pending,
    Committed,

    /// <summary>Another writer holds this sequence number, or the append before it did not commit.</summary>
    Fenced,

    /// <summary>The storage did not commit, or it is unknown whether it did.</summary>
    Failed,
}
