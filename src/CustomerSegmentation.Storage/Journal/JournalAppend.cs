namespace CustomerSegmentation.Storage.Journal;

/// <summary>Consecutive events of one customer on their way into the journal; written by the actor, completed by the journal.</summary>
public sealed class JournalAppend(
    string customerId, long customerKey, long firstSequence, int count, ReadOnlyMemory<byte> payload, long minTimeMs, long maxTimeMs)
{
    private volatile JournalOutcome _outcome;

    /// <summary>Characters of a customer id; every index of every database takes as many.</summary>
    public const int CustomerIdCharsMax = 500;

    /// <summary>1 to <see cref="CustomerIdCharsMax"/> characters.</summary>
    public string CustomerId { get; } = customerId.Length is > 0 and <= CustomerIdCharsMax
        ? customerId
        : throw new ArgumentException($"A customer's id has 1 to {CustomerIdCharsMax} characters.", nameof(customerId));

    /// <summary>The storage's own key of the customer. 0 until the first commit: the journal sets it before completion.</summary>
    public long CustomerKey { get; set; } = customerKey;

    /// <summary>Sequence number of the first event, from 1.</summary>
    public long FirstSequence { get; } = firstSequence;

    /// <summary>Number of events, from 1.</summary>
    public int Count { get; } = count;

    public long LastSequence => FirstSequence + Count - 1;

    /// <summary>The events as <c>Domain.Events.EventCodec</c> writes them; not touched after queueing.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>Earliest event time, milliseconds since 1970-01-01 UTC.</summary>
    public long MinTimeMs { get; } = minTimeMs;

    /// <summary>Latest event time, milliseconds since 1970-01-01 UTC.</summary>
    public long MaxTimeMs { get; } = maxTimeMs;

    /// <summary>The customer's append before this one while it is not known to be committed; the actor sets it, the journal clears it on commit.</summary>
    public JournalAppend? Previous { get; set; }

    /// <summary>Completes, never faults, when <see cref="Outcome"/> is decided; one task for the whole commit group. Set by the journal when queued.</summary>
    public Task Completion { get; set; } = Task.CompletedTask;

    /// <summary>Set by the journal before <see cref="Completion"/> completes.</summary>
    public JournalOutcome Outcome
    {
        get => _outcome;
        set => _outcome = value;
    }

    /// <summary>What failed; null otherwise.</summary>
    public Exception? Error { get; set; }
}
