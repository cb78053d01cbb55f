using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Writing;

namespace CustomerSegmentation.Storage.Postgres.Reading;

internal sealed class PostgresAudienceStore(PostgresServer server, WriteQueue queue) : IAudienceStore
{
    public async Task<IReadOnlyList<AudienceRecord>> ListAsync(CancellationToken cancellationToken = default) => await server.ListAsync(
        "audience_list",
        _ => { },
        r => new AudienceRecord(r.GetString(0), r.Utf8(1), r.Utf8(2), r.GetInt32(3), r.GetInt64(4)),
        cancellationToken);

    public Task SaveAsync(AudienceRecord record, CancellationToken cancellationToken = default) => queue.PostAsync(
        session => session["audience_save"]
            .Bind(record.Key)
            .Bind(Parameters.Bytes(record.Name))
            .Bind(Parameters.Bytes(record.Rule))
            .Bind(record.Revision)
            .Bind(record.ChangedMs)
            .ExecuteNonQueryAsync(),
        cancellationToken);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) =>
        queue.PostAsync(async session => await session["audience_delete"].Bind(key).ExecuteNonQueryAsync() > 0, cancellationToken);

    public async Task<IReadOnlyDictionary<string, long>> CountMembersAsync(CancellationToken cancellationToken = default)
    {
        var counts = await server.ListAsync("audience_totals", _ => { }, r => KeyValuePair.Create(r.GetString(0), r.GetInt64(1)), cancellationToken);
        return new Dictionary<string, long>(counts, StringComparer.Ordinal);
    }
}
