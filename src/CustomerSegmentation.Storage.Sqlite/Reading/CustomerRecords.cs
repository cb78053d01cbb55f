using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

/// <summary>
/// One customer's records: first those that the index knows, then those that it does not know yet. Which these are is asked before the index is read: a record
/// that is entered meanwhile is in both, and is read once.
/// </summary>
internal sealed class CustomerRecords(SharedState shared, ReaderPool readers, string customerId, long key)
{
    private const int Batch = 256;

    private readonly List<RecordPlace> _unindexed = shared.Unindexed.Of(key);

    /// <summary>The index is read below it.</summary>
    private long FirstUnindexed => _unindexed.Count == 0 ? long.MaxValue : _unindexed[0].FirstSequence;

    /// <summary>Records that end behind a sequence number, in sequence order.</summary>
    public IEnumerable<JournalRecord> ReadAfter(long sequence)
    {
        var batch = new List<JournalRecord>(Batch);
        if (sequence + 1 < FirstUnindexed)
        {
            var from = FindFloor(sequence + 1);
            do
            {
                ReadIndexed("journal_read", batch, from, FirstUnindexed);
                foreach (var record in batch)
                {
                    from = record.FirstSequence + 1;
                    if (record.FirstSequence + record.Count - 1 > sequence)
                    {
                        yield return record;
                    }
                }
            }
            while (batch.Count == Batch);
        }

        foreach (var places in _unindexed.Where(place => place.LastSequence > sequence).Chunk(Batch))
        {
            ReadAt(places, batch);
            foreach (var record in batch)
            {
                yield return record;
            }
        }
    }

    /// <summary>Records that begin below a sequence number, newest first.</summary>
    public IEnumerable<JournalRecord> ReadBackwards(long sequence)
    {
        var batch = new List<JournalRecord>(Batch);
        foreach (var places in Enumerable.Reverse(_unindexed).Where(place => place.FirstSequence < sequence).Chunk(Batch))
        {
            ReadAt(places, batch);
            foreach (var record in batch)
            {
                yield return record;
            }
        }

        var before = Math.Min(sequence, FirstUnindexed);
        do
        {
            ReadIndexed("journal_read_backwards", batch, before);
            foreach (var record in batch)
            {
                before = record.FirstSequence;
                yield return record;
            }
        }
        while (batch.Count == Batch);
    }

    /// <summary>The first sequence number of the record that a sequence number lies in.</summary>
    private long FindFloor(long sequence)
    {
        using var reader = readers.Rent();
        var row = reader["journal_floor"].Bind(1, key).Bind(2, sequence);
        return row.Step() ? row.GetInt64(0) : sequence;
    }

    private void ReadIndexed(string statement, List<JournalRecord> batch, params ReadOnlySpan<long> bounds)
    {
        batch.Clear();
        using var reader = readers.Rent();
        var rows = reader[statement].Bind(1, key);
        for (var i = 0; i < bounds.Length; i++)
        {
            rows.Bind(2 + i, bounds[i]);
        }

        rows.Bind(2 + bounds.Length, Batch);
        while (rows.Step())
        {
            batch.Add(Record(rows));
        }
    }

    /// <summary>Records by their places; one that was removed meanwhile is left out.</summary>
    private void ReadAt(RecordPlace[] places, List<JournalRecord> batch)
    {
        batch.Clear();
        using var reader = readers.Rent();
        foreach (var place in places)
        {
            var row = reader["journal_at"].Bind(1, place.Position).Bind(2, key);
            if (row.Step())
            {
                batch.Add(Record(row));
                row.Reset();
            }
        }
    }

    private JournalRecord Record(Statement row) => new(customerId, row.GetInt64(0), row.GetInt32(1), row.GetBytes(2).ToArray());
}
