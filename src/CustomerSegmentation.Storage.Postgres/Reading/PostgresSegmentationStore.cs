using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Writing;
using CustomerSegmentation.Storage.Segmentations;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Reading;

internal sealed class PostgresSegmentationStore(PostgresServer server, WriteQueue queue) : ISegmentationStore
{
    public Task<int> NextVersionAsync(CancellationToken cancellationToken = default) =>
        queue.PostAsync(async session => (int)await session["segmentation_next"].ScalarAsync<long>(), cancellationToken);

    public Task SaveAsync(SegmentationRecord record, CancellationToken cancellationToken = default) =>
        queue.PostAsync(session => session["segmentation_save"].Bind(record.Version).Bind(record.Payload).ExecuteNonQueryAsync(), cancellationToken);

    public Task<SegmentationRecord?> LoadAsync(int version, CancellationToken cancellationToken = default) =>
        server.FirstAsync("segmentation_load", c => c.Bind(version), Read, cancellationToken);

    public async Task<IReadOnlyList<SegmentationRecord>> ListAsync(int beforeVersion, int limit, CancellationToken cancellationToken = default) =>
        await server.ListAsync("segmentation_list", c => c.Bind(beforeVersion).Bind(limit), Read, cancellationToken);

    public Task<ActiveSegmentation> SetActiveAsync(int version, long atMs, CancellationToken cancellationToken = default) => queue.PostAsync(
        async session => new ActiveSegmentation(version, await session["activation_insert"].Bind(version).Bind(atMs).ScalarAsync<long>(), atMs),
        cancellationToken);

    public Task<ActiveSegmentation?> GetActiveAsync(CancellationToken cancellationToken = default) => server.FirstAsync(
        "activation_last", _ => { }, r => new ActiveSegmentation(r.GetInt32(0), r.GetInt64(1), r.GetInt64(2)), cancellationToken);

    private static SegmentationRecord Read(NpgsqlDataReader row) => new(row.GetInt32(0), row.GetFieldValue<byte[]>(1));
}
