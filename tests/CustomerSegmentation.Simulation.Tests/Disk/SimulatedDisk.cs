using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Events;
using CustomerSegmentation.Simulation.Tests.Checking;
using CustomerSegmentation.Storage.InMemory;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Simulation.Tests.Disk;

/// <summary>What outlives processes, and the whole truth about it for the checks.</summary>
internal sealed class SimulatedDisk(Random random, DeliberateFault fault)
{
    public InMemoryStorage Storage { get; private set; } = new();

    public Random Random { get; } = random;

    public DeliberateFault Fault { get; } = fault;

    /// <summary>Chance that an operation fails; set to zero to let the shop come to rest.</summary>
    public double FaultRate { get; set; }

    /// <summary>Which other ids each customer's committed events named, erased or not.</summary>
    public HashSet<(string CustomerId, string OtherId)> Links { get; } = [];

    /// <summary>A process starts after another ended.</summary>
    public void Reopen() => Storage = Storage.Reopen();

    public bool Chance(double probability) => Random.NextDouble() < probability;

    /// <summary>One commit of one append, as the database decides it.</summary>
    public void Commit(JournalAppend append)
    {
        if (Storage.Journal.TryAppend(append) == AppendResult.Broken)
        {
            append.Outcome = JournalOutcome.Fenced;
        }
        if (append.Outcome == JournalOutcome.Committed)
        {
            foreach (var e in EventCodec.Decode(append.Payload.Span).Where(e => e.OtherId is not null && e.Kind != EventKind.MergedInto))
            {
                Links.Add((append.CustomerId, e.OtherId!));
            }
        }
    }

    /// <summary>The committed events of a customer; first sequence numbers are checked to leave no gap.</summary>
    public List<CustomerEvent> Events(string customerId)
    {
        var events = new List<CustomerEvent>();
        foreach (var record in Records(customerId))
        {
            if (record.FirstSequence != events.Count + 1)
            {
                throw new ViolationException(Invariant.NoGaps, $"{customerId}: after {events.Count} events the journal has event {record.FirstSequence}");
            }
            events.AddRange(EventCodec.Decode(record.Payload.Span));
        }
        return events;
    }

    public bool IsErased(string customerId) => Storage.Customers.LoadAsync(customerId).Result is { Erased: true };

    private List<JournalRecord> Records(string customerId)
    {
        var records = new List<JournalRecord>();
        var reading = ReadAsync();
        return reading.IsCompletedSuccessfully ? records : throw new InvalidOperationException("The storage in memory answers at once.");

        async Task ReadAsync()
        {
            await foreach (var record in Storage.Journal.ReadAsync(customerId, 0))
            {
                records.Add(record);
            }
        }
    }
}
