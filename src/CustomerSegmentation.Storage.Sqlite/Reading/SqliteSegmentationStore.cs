using CustomerSegmentation.Storage.Segmentations;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

internal sealed class SqliteSegmentationStore(WriteQueue queue, ReaderPool readers) : ISegmentationStore
{
    private const string LastVersion = "last_version";

    public Task<int> NextVersionAsync(CancellationToken cancellationToken = default) => queue.PostAsync(
        session =>
        {
            var last = session.Database["segmentation_last"];
            last.Step();
            var next = Math.Max(last.GetInt64(0), session.Meta(LastVersion)) + 1;
            last.Reset();
            session.SetMeta(LastVersion, next);
            return (int)next;
        },
        durable: true,
        cancellationToken);

    public Task SaveAsync(SegmentationRecord record, CancellationToken cancellationToken = default) => queue.PostAsync(
        session =>
        {
            session.Database["segmentation_save"].Bind(1, record.Version).Bind(2, record.Payload.Span).Run();
            return true;
        },
        durable: true,
        cancellationToken);

    public Task<SegmentationRecord?> LoadAsync(int version, CancellationToken cancellationToken = default) => readers.ReadAsync(
        reader =>
        {
            var row = reader["segmentation_load"].Bind(1, version);
            return row.Step() ? new SegmentationRecord(version, row.GetBytes(0).ToArray()) : null;
        },
        cancellationToken);

    public Task<IReadOnlyList<SegmentationRecord>> ListAsync(int beforeVersion, int limit, CancellationToken cancellationToken = default) =>
        readers.ReadAsync<IReadOnlyList<SegmentationRecord>>(
            reader =>
            {
                var page = new List<SegmentationRecord>();
                var rows = reader["segmentation_list"].Bind(1, beforeVersion).Bind(2, limit);
                while (rows.Step())
                {
                    page.Add(new SegmentationRecord(rows.GetInt32(0), rows.GetBytes(1).ToArray()));
                }

                return page;
            },
            cancellationToken);

    public Task<ActiveSegmentation> SetActiveAsync(int version, long atMs, CancellationToken cancellationToken = default) => queue.PostAsync(
        session =>
        {
            session.Database["activation_insert"].Bind(1, version).Bind(2, atMs).Run();
            return ReadActive(session.Database)!;
        },
        durable: true,
        cancellationToken);

    public Task<ActiveSegmentation?> GetActiveAsync(CancellationToken cancellationToken = default) =>
        readers.ReadAsync(reader => ReadActive(reader.Database), cancellationToken);

    private static ActiveSegmentation? ReadActive(Database database)
    {
        var row = database["activation_last"];
        var active = row.Step() ? new ActiveSegmentation(row.GetInt32(1), row.GetInt64(0), row.GetInt64(2)) : null;
        row.Reset();
        return active;
    }
}
