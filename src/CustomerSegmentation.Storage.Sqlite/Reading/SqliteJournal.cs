using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

/// <summary>Reads go by batches, each a short transaction of its own: the journal only grows, and a long transaction would keep the log from shrinking.</summary>
internal sealed class SqliteJournal(WriteQueue queue, ReaderPool readers) : IJournal
{
    private const int ReadBatch = 256;
    private const int ScanBatch = 1024;

    public double Fill => queue.Fill;

    public string? Fault => queue.Fault;

    public AppendResult TryAppend(JournalAppend append) => queue.TryAppend(append);

    public async IAsyncEnumerable<JournalRecord> ReadAsync(
        string customerId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (FindKey(customerId) is not { } key)
        {
            yield break;
        }

        var batch = new List<JournalRecord>();
        var from = FindFloor(key, afterSequence + 1);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadBatchOf("journal_read", customerId, key, from, batch);
            foreach (var record in batch)
            {
                from = record.FirstSequence + 1;
                if (record.FirstSequence + record.Count - 1 > afterSequence)
                {
                    yield return record;
                }
            }
        }
        while (batch.Count == ReadBatch);
        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<JournalRecord> ReadBackwardsAsync(
        string customerId, long beforeSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (FindKey(customerId) is not { } key)
        {
            yield break;
        }

        var batch = new List<JournalRecord>();
        var before = beforeSequence;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            ReadBatchOf("journal_read_backwards", customerId, key, before, batch);
            foreach (var record in batch)
            {
                before = record.FirstSequence;
                yield return record;
            }
        }
        while (batch.Count == ReadBatch);
        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<JournalRecord> ScanAsync(
        JournalRange range, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        long end;
        using (var reader = readers.Rent())
        {
            end = reader.Database.ExecuteScalar("SELECT coalesce(max(position), 0) FROM journal");
        }

        var batch = new List<JournalRecord>();
        var (customer, id, sequence) = (0L, "", 0L);
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Clear();
            using (var reader = readers.Rent())
            {
                var rows = reader["journal_scan"].Bind(1, customer).Bind(2, sequence).Bind(3, end).Bind(4, ScanBatch).Bind(5, range.FromMs).Bind(6, range.BeforeMs);
                while (rows.Step())
                {
                    if (rows.GetInt64(0) != customer)
                    {
                        (customer, id) = (rows.GetInt64(0), rows.GetText(4));
                    }

                    sequence = rows.GetInt64(1);
                    batch.Add(new JournalRecord(id, sequence, rows.GetInt32(2), rows.GetBytes(3).ToArray()));
                }
            }

            foreach (var record in batch)
            {
                yield return record;
            }
        }
        while (batch.Count == ScanBatch);
        await Task.CompletedTask;
    }

    public async Task<JournalTrimmed> TrimAsync(JournalTrim step, CancellationToken cancellationToken = default)
    {
        var (looked, last) = (0, step.AfterKey);
        var old = await readers.ReadAsync(
            reader =>
            {
                var found = new List<(long Key, string CustomerId)>();
                var rows = reader["journal_old"].Bind(1, step.AfterKey).Bind(2, step.CustomersMax);
                while (rows.Step())
                {
                    looked++;
                    last = rows.GetInt64(0);
                    if (!rows.IsNull(2) && rows.GetInt64(2) < step.BeforeMs)
                    {
                        found.Add((last, rows.GetText(1)));
                    }
                }

                return found;
            },
            cancellationToken);
        var (records, events) = (0L, 0L);
        foreach (var chunk in old.Chunk(JournalTrim.CustomersPerTransactionMax))
        {
            var removed = await queue.PostAsync(session => JournalTrimming.Run(session, step, chunk), durable: true, cancellationToken);
            records += removed.Records;
            events += removed.Events;
        }

        return new JournalTrimmed(looked < step.CustomersMax ? null : last, records, events);
    }

    private long? FindKey(string customerId)
    {
        using var reader = readers.Rent();
        var row = reader["customer_key"].Bind(1, customerId);
        return row.Step() ? row.GetInt64(0) : null;
    }

    /// <summary>The first sequence number of the record that a sequence number lies in.</summary>
    private long FindFloor(long key, long sequence)
    {
        using var reader = readers.Rent();
        var row = reader["journal_floor"].Bind(1, key).Bind(2, sequence);
        return row.Step() ? row.GetInt64(0) : sequence;
    }

    private void ReadBatchOf(string statement, string customerId, long key, long bound, List<JournalRecord> into)
    {
        into.Clear();
        using var reader = readers.Rent();
        var rows = reader[statement].Bind(1, key).Bind(2, bound).Bind(3, ReadBatch);
        while (rows.Step())
        {
            into.Add(new JournalRecord(customerId, rows.GetInt64(0), rows.GetInt32(1), rows.GetBytes(2).ToArray()));
        }
    }
}
