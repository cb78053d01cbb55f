using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

internal sealed class SqliteCustomerStore(
    SqliteStorageOptions options, SharedState shared, WriteQueue queue, ReaderPool readers, SqliteRejectionLog rejections) : ICustomerStore
{
    private const int StaleBatch = 256;

    public bool IsAfterUncleanStop => shared.AfterUncleanStop;

    public ValueTask<StoredCustomer?> LoadAsync(string customerId, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<StoredCustomer?>(cancellationToken);
        }

        try
        {
            return ValueTask.FromResult(Load(customerId));
        }
        catch (Exception e)
        {
            return ValueTask.FromException<StoredCustomer?>(e);
        }
    }

    public Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, CancellationToken cancellationToken = default) =>
        Chunks.PostAsync(
            queue,
            checkpoints.Count,
            options.CheckpointChunkMax,
            (session, start, count) => session.Profiles.Checkpoint(checkpoints, start, count),
            cancellationToken);

    public Task<ErasedCustomer> EraseAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken = default) =>
        queue.PostAsync(
            session => Erasure.Run(session, customerIds, rejections.Erase(session, customerIds)), durable: true, cancellationToken, scrubs: true);

    public Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default) =>
        queue.PostAsync(session => session.Profiles.Retire(customerId, last), durable: true, cancellationToken);

    public async IAsyncEnumerable<string> FindStaleAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!shared.AfterUncleanStop)
        {
            yield break;
        }

        var batch = new List<string>();
        var last = 0L;
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.Clear();
            using (var reader = readers.Rent())
            {
                var rows = reader["customer_stale"].Bind(1, last).Bind(2, StaleBatch);
                while (rows.Step())
                {
                    last = rows.GetInt64(0);
                    batch.Add(rows.GetText(1));
                }
            }

            foreach (var id in batch)
            {
                yield return id;
            }
        }
        while (batch.Count == StaleBatch);
        await Task.CompletedTask;
    }

    private StoredCustomer? Load(string customerId)
    {
        using var reader = readers.Rent();
        var key = reader.Database.FindKey(customerId) ?? 0;

        // Before the database: what leaves here is there by then.
        var unindexed = shared.Unindexed.Last(key)?.LastSequence ?? 0;
        var row = reader["customer_load"].Bind(1, key);
        if (!row.Step())
        {
            return Tombstones.Contains(reader.Database, shared, customerId) ? new StoredCustomer { Key = 0, Erased = true } : null;
        }

        return new StoredCustomer
        {
            Key = key,
            Sequence = row.GetInt64(0),
            State = row.GetBytes(1).ToArray(),
            JournalSequence = Math.Max(unindexed, row.GetInt64(7)),
            Assignment = row.GetInt64(4) == 0
                ? null
                : new ProfileAssignment(
                    key, shared.Names[row.GetInt64(2)], row.GetInt32(3), row.GetInt64(4), row.GetDouble(5), row.GetInt64(6)),
        };
    }
}
