namespace CustomerSegmentation.Storage.Journal;

/// <summary>Consecutive committed events of one customer.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="FirstSequence">Sequence number of the first event.</param>
/// <param name="Count">Number of events.</param>
/// <param name="Payload">The events as <c>Domain.Events.EventCodec</c> wrote them.</param>
public readonly record struct JournalRecord(string CustomerId, long FirstSequence, int Count, ReadOnlyMemory<byte> Payload);
