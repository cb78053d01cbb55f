using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

/// <summary>Reads go by batches, each a short transaction of its own: the journal only grows, and a long transaction would keep the log from shrinking.</summary>
internal sealed class SqliteJournal(SharedState shared, WriteQueue queue, ReaderPool readers) : IJournal
{
    private const int IndexedPerTransaction = 4_096;

    public double Fill => queue.Fill;

    public string? Fault => queue.Fault;

    public AppendResult TryAppend(JournalAppend append) => queue.TryAppend(append);

    public IAsyncEnumerable<JournalRecord> ReadAsync(string customerId, long afterSequence, CancellationToken cancellationToken = default) =>
        GiveAsync(() => Records(customerId)?.ReadAfter(afterSequence), cancellationToken);

    public IAsyncEnumerable<JournalRecord> ReadBackwardsAsync(string customerId, long beforeSequence, CancellationToken cancellationToken = default) =>
        GiveAsync(() => Records(customerId)?.ReadBackwards(beforeSequence), cancellationToken);

    public IAsyncEnumerable<JournalRecord> ScanAsync(JournalRange range, CancellationToken cancellationToken = default) =>
        GiveAsync(() => new JournalScan(shared, readers, range).Read(), cancellationToken);

    public async Task<JournalTrimmed> TrimAsync(JournalTrim step, CancellationToken cancellationToken = default)
    {
        await FillIndexAsync(cancellationToken);
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

    /// <summary>Nothing holds a connection while a record is with its reader.</summary>
    private static async IAsyncEnumerable<JournalRecord> GiveAsync(
        Func<IEnumerable<JournalRecord>?> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var record in read() ?? [])
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }

        await Task.CompletedTask;
    }

    /// <summary>Enters into the index what was appended before the call: a quiet shop would take months to fill the list.</summary>
    private async Task FillIndexAsync(CancellationToken cancellationToken)
    {
        var position = shared.Unindexed.Position;
        while (!await queue.PostAsync(session => session.Index.Fill(IndexedPerTransaction, position), durable: false, cancellationToken))
        {
        }
    }

    private CustomerRecords? Records(string customerId)
    {
        using var reader = readers.Rent();
        return reader.Database.FindKey(customerId) is { } key ? new CustomerRecords(shared, readers, customerId, key) : null;
    }
}
