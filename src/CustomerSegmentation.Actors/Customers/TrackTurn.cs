using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>
/// What one Track turn left to wait for. The turn is over when this is returned: the next turn of the customer need not wait for the commit.
/// </summary>
public readonly struct TrackTurn
{
    /// <summary>The append whose commit the receipt waits for; null when there is nothing to wait for.</summary>
    public JournalAppend? Append { get; init; }

    /// <summary>The outcome if <see cref="Append"/> is null or commits.</summary>
    public TrackOutcome Outcome { get; init; }

    public int Accepted { get; init; }
    public int Duplicates { get; init; }
    public long Sequence { get; init; }

    /// <summary>The activation took this turn is stale and must be thrown away.</summary>
    public bool Broken { get; init; }

    /// <summary>Message ids older than the duplicate window may be repeats: look in the journal, then track again.</summary>
    public bool NeedsJournal { get; init; }

    /// <summary>Whether histories of other ids wait to join this customer.</summary>
    public bool HasJoins { get; init; }

    /// <summary>
    /// Set when this customer's history has moved: the events belong to that customer, once <see cref="Append"/> has committed. If it does not, the history is
    /// still here, or another writer moved it elsewhere: track again.
    /// </summary>
    public string? ForwardTo { get; init; }

    /// <summary>The receipt, given that <see cref="Append"/> ended as it did.</summary>
    public TrackReceipt ToReceipt() => Append?.Outcome switch
    {
        JournalOutcome.Failed or JournalOutcome.Fenced => new TrackReceipt
        {
            Outcome = TrackOutcome.Unavailable,
            Reason = Append.Error?.Message ?? "the journal did not commit",
        },
        _ => new TrackReceipt
        {
            Outcome = Outcome,
            Accepted = Accepted,
            Duplicates = Duplicates,
            Sequence = Sequence,
            Reason = Outcome switch
            {
                TrackOutcome.Overloaded => "a bounded queue or the memory for customers is full; send again",
                TrackOutcome.Erased => "the customer was erased",
                TrackOutcome.Unavailable => "the customer's activation was lost; send again",
                _ => null,
            },
        },
    };
}
