namespace CustomerSegmentation.Storage.Journal;

/// <summary>A range of event times.</summary>
/// <param name="FromMs">The first moment in it, milliseconds since 1970-01-01 UTC.</param>
/// <param name="BeforeMs">The first moment behind it, milliseconds since 1970-01-01 UTC.</param>
public readonly record struct JournalRange(long FromMs, long BeforeMs)
{
    /// <summary>All time.</summary>
    public static JournalRange All { get; } = new(long.MinValue, long.MaxValue);

    /// <summary>Whether a moment lies in the range.</summary>
    public bool Contains(long timeMs) => timeMs >= FromMs && timeMs < BeforeMs;
}
