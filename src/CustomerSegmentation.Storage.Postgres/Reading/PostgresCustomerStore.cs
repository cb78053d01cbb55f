using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Writing;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Postgres.Reading;

/// <param name="server">For reading.</param>
/// <param name="queue">For writing.</param>
/// <param name="rejections">They are erased too.</param>
/// <param name="timeProvider">Gives the time of an erasure.</param>
/// <param name="salt">Before each id that is hashed for a tombstone.</param>
/// <param name="afterUncleanStop">Whether a writer ended without leaving.</param>
internal sealed class PostgresCustomerStore(
    PostgresServer server, WriteQueue queue, PostgresRejectionLog rejections, TimeProvider timeProvider, byte[] salt, bool afterUncleanStop) : ICustomerStore
{
    private const int StaleBatch = 256;

    private readonly LoadQueue _loads = new(server, salt);

    public bool IsAfterUncleanStop => afterUncleanStop;

    public ValueTask<StoredCustomer?> LoadAsync(string customerId, CancellationToken cancellationToken = default) =>
        new(_loads.LoadAsync(customerId, cancellationToken));

    public Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, CancellationToken cancellationToken = default) =>
        Chunks.PostAsync(
            queue,
            checkpoints.Count,
            server.Options.CheckpointChunkMax,
            (session, start, count) => new ProfileLedger(session).CheckpointAsync(checkpoints, start, count),
            cancellationToken);

    public Task<ErasedCustomer> EraseAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken = default) => queue.PostAsync(
        session => Erasure.RunAsync(session, customerIds, rejections.EraseAsync, timeProvider.GetUtcNow().ToUnixTimeMilliseconds()), cancellationToken);

    public Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default) =>
        queue.PostAsync(session => new ProfileLedger(session).RetireAsync(customerId, last), cancellationToken);

    public async IAsyncEnumerable<string> FindStaleAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (!afterUncleanStop && (await server.ListAsync("writer_dead", _ => { }, r => r.GetInt64(0), cancellationToken)).Count == 0)
        {
            yield break;
        }

        List<(long Key, string Id)> batch;
        var last = 0L;
        do
        {
            var after = last;
            batch = await server.ListAsync("customer_stale", c => c.Bind(after).Bind(StaleBatch), r => (r.GetInt64(0), r.Utf8(1)), cancellationToken);
            foreach (var (key, id) in batch)
            {
                last = key;
                yield return id;
            }
        }
        while (batch.Count == StaleBatch);
    }
}
