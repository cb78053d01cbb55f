namespace CustomerSegmentation.Simulation.Tests.Checking;

/// <summary>What must hold however the run went.</summary>
internal enum Invariant
{
    /// <summary>The run comes to rest, on one thread, without errors that nobody ordered.</summary>
    Orderly,

    /// <summary>Each acknowledged event is in the journal of whoever its customer is now.</summary>
    AcknowledgedIsThere,

    /// <summary>No event is there twice.</summary>
    NothingTwice,

    /// <summary>What was refused each time it was sent is not there.</summary>
    RefusedIsNotThere,

    /// <summary>A customer's journal is numbered without gaps.</summary>
    NoGaps,

    /// <summary>A stored state equals a replay of the journal, byte for byte, and has its profile row.</summary>
    StateIsReplay,

    /// <summary>A reader sees what was acknowledged before, and the audiences that follow from what it sees.</summary>
    ReadersSeeReceipts,

    /// <summary>Erased customers have nothing left, and nobody else was erased.</summary>
    ErasedStaysErased,

    /// <summary>Counts of segments equal the profiles.</summary>
    CountsEqualProfiles,

    /// <summary>What each segment's own actor says of its size equals the profiles.</summary>
    ActorsEqualProfiles,

    /// <summary>Profile rows name those audiences whose rules a replay of the journal fits.</summary>
    AudiencesFollowRules,

    /// <summary>A segment transition that was published is what some replay of committed events is assigned to.</summary>
    TransitionIsCommitted,

    /// <summary>What was published follows from committed events.</summary>
    PublishedIsCommitted,

    /// <summary>What an encoder made of a customer is a reading of committed events, and the profile row shows it.</summary>
    EmbeddingIsReading,

    /// <summary>Once faults stop, the current model has read everybody, except for histories that it refuses.</summary>
    EverybodyIsRead,

    /// <summary>A journalled embedding is that of its event's text, and the profile row shows the mean of them.</summary>
    TextIsItsEmbedding,

    /// <summary>Nobody who sends events waits for an encoder beyond its limit of time.</summary>
    EventsAreNotBlocked,
}
