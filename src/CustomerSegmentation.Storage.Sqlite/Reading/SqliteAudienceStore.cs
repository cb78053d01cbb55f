using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

internal sealed class SqliteAudienceStore(WriteQueue queue, ReaderPool readers) : IAudienceStore
{
    public Task<IReadOnlyList<AudienceRecord>> ListAsync(CancellationToken cancellationToken = default) =>
        readers.ReadAsync<IReadOnlyList<AudienceRecord>>(
            reader =>
            {
                var all = new List<AudienceRecord>();
                var rows = reader["audience_list"];
                while (rows.Step())
                {
                    all.Add(new AudienceRecord(rows.GetText(0), rows.GetText(1), rows.GetText(2), rows.GetInt32(3), rows.GetInt64(4)));
                }

                return all;
            },
            cancellationToken);

    public Task SaveAsync(AudienceRecord record, CancellationToken cancellationToken = default) => queue.PostAsync(
        session =>
        {
            session.Database["audience_save"].Bind(1, record.Key).Bind(2, record.Name).Bind(3, record.Rule).Bind(4, record.Revision)
                .Bind(5, record.ChangedMs).Run();
            return true;
        },
        durable: true,
        cancellationToken);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) => queue.PostAsync(
        session =>
        {
            session.Database["audience_delete"].Bind(1, key).Run();
            return session.Database.Changes > 0;
        },
        durable: true,
        cancellationToken);

    public Task<IReadOnlyDictionary<string, long>> CountMembersAsync(CancellationToken cancellationToken = default) =>
        readers.ReadAsync<IReadOnlyDictionary<string, long>>(
            reader =>
            {
                var counts = new Dictionary<string, long>(StringComparer.Ordinal);
                var rows = reader["audience_totals"];
                while (rows.Step())
                {
                    counts.Add(rows.GetText(0), rows.GetInt64(1));
                }

                return counts;
            },
            cancellationToken);
}
