namespace CustomerSegmentation.Storage.Journal;

/// <summary>What a step of <see cref="IJournal.TrimAsync"/> did.</summary>
/// <param name="LastKey">Where the next step goes on; null when the pass has come to its end.</param>
/// <param name="Records">Records removed.</param>
/// <param name="Events">Events in them.</param>
public readonly record struct JournalTrimmed(long? LastKey, long Records, long Events);
