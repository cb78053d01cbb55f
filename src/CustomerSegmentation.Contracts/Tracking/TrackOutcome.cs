namespace CustomerSegmentation.Contracts.Tracking;

/// <summary>What became of a <see cref="TrackRequest"/>.</summary>
public enum TrackOutcome : byte
{
    /// <summary>Every event is committed in the journal, or was there before (a duplicate).</summary>
    Committed = 0,

    /// <summary>A bounded queue is full. Nothing was taken; the sender tries again.</summary>
    Overloaded = 1,

    /// <summary>The storage did not commit. Whether the events are there is decided by sending them again.</summary>
    Unavailable = 2,

    /// <summary>The customer was erased; events for the erased id are refused for ever.</summary>
    Erased = 3,
}
