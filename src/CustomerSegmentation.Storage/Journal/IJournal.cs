namespace CustomerSegmentation.Storage.Journal;

/// <summary>
/// The order of everything that happened: an append-only log of events by customer and sequence number, committed in groups.
/// </summary>
/// <remarks>
/// Protocol. A customer's actor queues its appends in sequence order and never waits for one before it queues the next. The journal commits whole groups.
/// An append is committed only when (1) no record of this customer holds its first sequence number, which fences a second writer, and (2) its
/// <see cref="JournalAppend.Previous"/>, if any, was committed, so that a failure leaves no gap, and (3) the customer was not erased: late events do not
/// bring it back. When a group fails, everything queued at that moment fails with it; what is queued later is tried again.
/// </remarks>
public interface IJournal
{
    /// <summary>
    /// Queues an append for the next commit group; never blocks. On <see cref="AppendResult.Queued"/> the append's <see cref="JournalAppend.Completion"/> is set.
    /// Safe to call from many threads.
    /// </summary>
    AppendResult TryAppend(JournalAppend append);

    /// <summary>How full the queue is, 0 to 1.</summary>
    double Fill { get; }

    /// <summary>Null while commits succeed, else why the last one failed.</summary>
    string? Fault { get; }

    /// <summary>Committed records of a customer with events after a sequence number, in sequence order. Records may begin before it: readers skip.</summary>
    IAsyncEnumerable<JournalRecord> ReadAsync(string customerId, long afterSequence, CancellationToken cancellationToken = default);

    /// <summary>Committed records of a customer that begin below a sequence number, newest first.</summary>
    IAsyncEnumerable<JournalRecord> ReadBackwardsAsync(string customerId, long beforeSequence, CancellationToken cancellationToken = default);

    /// <summary>
    /// Every committed record that may hold an event of a time range, all records of one customer together and in sequence order; customers in the order of
    /// their keys. Sees the journal as it was at the beginning of the scan; records removed for their age meanwhile may be missing.
    /// </summary>
    IAsyncEnumerable<JournalRecord> ScanAsync(JournalRange range, CancellationToken cancellationToken = default);

    /// <summary>Every committed record.</summary>
    IAsyncEnumerable<JournalRecord> ScanAsync(CancellationToken cancellationToken = default) => ScanAsync(JournalRange.All, cancellationToken);

    /// <summary>
    /// Removes a customer's oldest records, in sequence order up to the first that is young or that the stored snapshot does not cover; in short
    /// transactions. Removed sequence numbers stay taken: an append that carries one is fenced. Customers without a snapshot keep everything.
    /// </summary>
    Task<JournalTrimmed> TrimAsync(JournalTrim step, CancellationToken cancellationToken = default);
}
