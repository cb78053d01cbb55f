using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

/// <summary>
/// Everybody's records as they were at the beginning: those that the index knows and those that it did not know then, both in the order of customers and
/// sequence numbers, merged. A record that is entered meanwhile is in both, and is read once.
/// </summary>
internal sealed class JournalScan
{
    private const int Batch = 1024;

    private readonly ReaderPool _readers;
    private readonly JournalRange _range;
    private readonly List<RecordPlace> _unindexed;
    private readonly long _end;
    private readonly Queue<(long Customer, JournalRecord Record)> _indexed = new();
    private bool _indexRead;
    private long _customer;
    private long _sequence;
    private int _next;

    public JournalScan(SharedState shared, ReaderPool readers, JournalRange range)
    {
        (_readers, _range) = (readers, range);
        (_unindexed, _end) = shared.Unindexed.All();
    }

    public IEnumerable<JournalRecord> Read()
    {
        var batch = new List<JournalRecord>(Batch);
        while (ReadBatch(batch))
        {
            foreach (var record in batch)
            {
                yield return record;
            }
        }
    }

    /// <summary>False at the end.</summary>
    private bool ReadBatch(List<JournalRecord> batch)
    {
        batch.Clear();
        using var reader = _readers.Rent();
        while (batch.Count < Batch)
        {
            if (_indexed.Count == 0 && !_indexRead)
            {
                ReadIndexed(reader);
            }

            if (_indexed.TryPeek(out var indexed) && (_next == _unindexed.Count || Compare(indexed, _unindexed[_next]) <= 0))
            {
                _next += _next < _unindexed.Count && Compare(indexed, _unindexed[_next]) == 0 ? 1 : 0;
                batch.Add(_indexed.Dequeue().Record);
            }
            else if (_next == _unindexed.Count)
            {
                break;
            }
            else if (ReadAt(reader, _unindexed[_next++]) is { } record)
            {
                batch.Add(record);
            }
        }

        return batch.Count > 0;
    }

    private void ReadIndexed(ReaderPool.Lease reader)
    {
        var rows = reader["journal_scan"].Bind(1, _customer).Bind(2, _sequence).Bind(3, _end).Bind(4, Batch).Bind(5, _range.FromMs).Bind(6, _range.BeforeMs);
        var id = "";
        var customer = 0L;
        while (rows.Step())
        {
            if (rows.GetInt64(0) != customer)
            {
                (customer, id) = (rows.GetInt64(0), rows.GetText(4));
            }

            _indexed.Enqueue((customer, new JournalRecord(id, rows.GetInt64(1), rows.GetInt32(2), rows.GetBytes(3).ToArray())));
            (_customer, _sequence) = (customer, rows.GetInt64(1));
        }

        _indexRead = _indexed.Count < Batch;
    }

    /// <summary>Null for a record that does not reach into the range or was removed meanwhile.</summary>
    private JournalRecord? ReadAt(ReaderPool.Lease reader, RecordPlace place)
    {
        var row = reader["journal_scan_at"].Bind(1, place.Position).Bind(2, place.Customer).Bind(3, _range.FromMs).Bind(4, _range.BeforeMs);
        if (!row.Step())
        {
            return null;
        }

        var record = new JournalRecord(row.GetText(2), place.FirstSequence, row.GetInt32(0), row.GetBytes(1).ToArray());
        row.Reset();
        return record;
    }

    private static int Compare((long Customer, JournalRecord Record) indexed, RecordPlace place) =>
        -place.Compare(indexed.Customer, indexed.Record.FirstSequence);
}
