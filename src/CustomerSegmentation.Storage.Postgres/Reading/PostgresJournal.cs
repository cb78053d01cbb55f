using System.Data;
using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Schema;
using CustomerSegmentation.Storage.Postgres.Writing;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Reading;

/// <summary>A customer is read by batches, each a statement of its own; a scan holds one snapshot of the database for as long as it takes.</summary>
internal sealed class PostgresJournal(WriteQueue queue, WriteQueue ledger, PostgresServer server) : IJournal
{
    private const int ReadBatch = 1024;
    private const int ScanBatch = 1024;

    public double Fill => queue.Fill;

    public string? Fault => queue.Fault;

    public AppendResult TryAppend(JournalAppend append) => queue.TryAppend(append);

    public async IAsyncEnumerable<JournalRecord> ReadAsync(
        string customerId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (await StartAsync(customerId, afterSequence + 1, cancellationToken) is not var (key, from))
        {
            yield break;
        }

        List<JournalRecord> batch;
        do
        {
            batch = await ReadBatchAsync("journal_read", customerId, key, from, cancellationToken);
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
    }

    public async IAsyncEnumerable<JournalRecord> ReadBackwardsAsync(
        string customerId, long beforeSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (await StartAsync(customerId, beforeSequence, cancellationToken) is not var (key, _))
        {
            yield break;
        }

        List<JournalRecord> batch;
        var before = beforeSequence;
        do
        {
            batch = await ReadBatchAsync("journal_read_backwards", customerId, key, before, cancellationToken);
            foreach (var record in batch)
            {
                before = record.FirstSequence;
                yield return record;
            }
        }
        while (batch.Count == ReadBatch);
    }

    public async IAsyncEnumerable<JournalRecord> ScanAsync(
        JournalRange range, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await using var connection = await server.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
        await new NpgsqlCommand("SET TRANSACTION READ ONLY; SET LOCAL idle_in_transaction_session_timeout = 0", connection)
            .ExecuteNonQueryAsync(cancellationToken);
        List<(long Customer, JournalRecord Record)> batch;
        var (customer, sequence) = (0L, 0L);
        do
        {
            batch = await ScanBatchAsync(connection, range, customer, sequence, cancellationToken);
            foreach (var (key, record) in batch)
            {
                (customer, sequence) = (key, record.FirstSequence);
                yield return record;
            }
        }
        while (batch.Count == ScanBatch);
    }

    public async Task<JournalTrimmed> TrimAsync(JournalTrim step, CancellationToken cancellationToken = default)
    {
        var looked = await server.ListAsync(
            "journal_old",
            c => c.Bind(step.AfterKey).Bind(step.CustomersMax),
            r => (Key: r.GetInt64(0), IsOld: !r.IsDBNull(2) && r.GetInt64(2) < step.BeforeMs),
            cancellationToken);
        var (records, events) = (0L, 0L);
        foreach (var chunk in looked.Where(c => c.IsOld).Select(c => c.Key).Chunk(JournalTrim.CustomersPerTransactionMax))
        {
            var removed = await ledger.PostAsync(session => JournalTrimming.RunAsync(session, step, chunk), cancellationToken);
            records += removed.Records;
            events += removed.Events;
        }

        return new JournalTrimmed(looked.Count < step.CustomersMax ? null : looked[^1].Key, records, events);
    }

    private async Task<List<(long Customer, JournalRecord Record)>> ScanBatchAsync(
        NpgsqlConnection connection, JournalRange range, long customer, long sequence, CancellationToken cancellationToken)
    {
        try
        {
            var scan = new NpgsqlCommand(Scripts.Statements["journal_scan"], connection)
                .Bind(customer).Bind(sequence).Bind(ScanBatch).Bind(range.FromMs).Bind(range.BeforeMs);
            return await scan.ListAsync(
                r => (r.GetInt64(0), new JournalRecord(r.Utf8(4), r.GetInt64(1), r.GetInt32(2), r.GetFieldValue<byte[]>(3))), cancellationToken);
        }
        catch (Exception e) when (PostgresServer.IsOfTheServer(e))
        {
            throw server.Error(e);
        }
    }

    /// <summary>A customer's key, and the first sequence number of the record that a sequence number lies in.</summary>
    private async Task<(long Key, long From)?> StartAsync(string customerId, long sequence, CancellationToken cancellationToken)
    {
        var found = await server.ListAsync(
            "journal_start",
            c => c.Bind(Parameters.Bytes(customerId)).Bind(sequence),
            r => (r.GetInt64(0), r.IsDBNull(1) ? sequence : r.GetInt64(1)),
            cancellationToken);
        return found.Count == 0 ? null : found[0];
    }

    private Task<List<JournalRecord>> ReadBatchAsync(string statement, string customerId, long key, long bound, CancellationToken cancellationToken) =>
        server.ListAsync(
            statement,
            c => c.Bind(key).Bind(bound).Bind(ReadBatch),
            r => new JournalRecord(customerId, r.GetInt64(0), r.GetInt32(1), r.GetFieldValue<byte[]>(2)),
            cancellationToken);
}
