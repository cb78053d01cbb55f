using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Writing;
using CustomerSegmentation.Storage.Profiles;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Reading;

internal sealed class PostgresProfileIndex(PostgresServer server, WriteQueue queue) : IProfileIndex
{
    public async Task<ProfileTotals> GetTotalsAsync(CancellationToken cancellationToken = default)
    {
        // One statement: revision and sums come from one state of the database.
        var rows = await server.ListAsync(
            "total_all",
            _ => { },
            r => (Revision: r.GetInt64(0), Latest: r.GetInt64(1), Total: r.IsDBNull(2)
                ? null
                : new SegmentTotal(r.GetString(2), r.GetInt64(3), MonetaryUnits.ToAmount(r.GetInt64(4)))),
            cancellationToken);
        return new ProfileTotals(rows[0].Revision, [.. rows.Select(r => r.Total).OfType<SegmentTotal>()], rows[0].Latest);
    }

    public async Task<IReadOnlyList<CustomerSummary>> ListAsync(
        string? segment, string? afterId, int limit, CancellationToken cancellationToken = default) => await server.ListAsync(
        segment is null ? "profile_list_all" : "profile_list_segment",
        command =>
        {
            command.Bind(Parameters.Bytes(afterId ?? "")).Bind(limit);
            if (segment is not null)
            {
                command.Bind(segment);
            }
        },
        row => new CustomerSummary
        {
            Id = row.Utf8(0),
            Segment = row.GetString(1) is { Length: > 0 } key ? key : null,
            Probability = row.GetDouble(2),
            Monetary = row.GetDouble(3),
            Orders = row.GetInt64(4),
            LastSeen = DateTimeOffset.FromUnixTimeMilliseconds(row.GetInt64(5)),
        },
        cancellationToken);

    public async IAsyncEnumerable<IReadOnlyList<ProfileRow>> ScanAsync(
        KeyRange range, int batchSize, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(batchSize, 1);
        var last = range.After;
        while (true)
        {
            var after = last;
            var batch = await server.ListAsync("profile_scan", c => c.Bind(after).Bind(range.UpTo).Bind(batchSize), ReadRow, cancellationToken);
            if (batch.Count == 0)
            {
                yield break;
            }

            last = batch[^1].CustomerKey;
            yield return batch;
        }
    }

    public async Task<long> GetLastKeyAsync(CancellationToken cancellationToken = default) =>
        (await server.ListAsync("profile_last", _ => { }, r => r.GetInt64(0), cancellationToken))[0];

    public async Task<IReadOnlyList<string>> ListDueAsync(long nowMs, int limit, CancellationToken cancellationToken = default) =>
        await server.ListAsync("profile_due", c => c.Bind(nowMs).Bind(limit), r => r.Utf8(0), cancellationToken);

    public Task<ProfileChanges> ReassignAsync(
        int version, long activation, IReadOnlyList<ProfileAssignment> assignments, CancellationToken cancellationToken = default) =>
        Chunks.PostAsync(
            queue,
            assignments.Count,
            server.Options.CheckpointChunkMax,
            (session, start, count) => new ProfileLedger(session).ReassignAsync(version, activation, assignments, start, count),
            cancellationToken);

    public async Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(long sinceMs, CancellationToken cancellationToken = default) =>
        await server.ListAsync(
            "flow_since",
            c => c.Bind(FlowHours.FromMs(sinceMs)),
            r => new SegmentFlow
            {
                From = r.IsDBNull(0) ? null : r.GetString(0),
                To = r.IsDBNull(1) ? null : r.GetString(1),
                Customers = r.GetInt64(2),
            },
            cancellationToken);

    private static ProfileRow ReadRow(NpgsqlDataReader row)
    {
        var key = row.GetInt64(0);
        return new ProfileRow
        {
            CustomerId = row.Utf8(1),
            CustomerKey = key,
            Assignment = row.GetInt64(4) == 0
                ? null
                : new ProfileAssignment(key, row.GetString(2), row.GetInt32(3), row.GetInt64(4), row.GetDouble(5), row.GetInt64(6)),
            Monetary = row.GetDouble(7),
            Orders = row.GetInt64(8),
            FirstSeenMs = row.GetInt64(9),
            LastSeenMs = row.GetInt64(10),
            DueMs = row.IsDBNull(11) ? long.MaxValue : row.GetInt64(11),
            AsOfMs = row.GetInt64(12),
            SchemaHash = row.GetString(13),
            Audiences = row.IsDBNull(14) ? [] : row.GetFieldValue<string[]>(14),
            Vector = SparseVector.Read(row.GetFieldValue<byte[]>(15)),
            EmbeddingModel = row.GetString(16),
            Embedding = row.IsDBNull(17) ? [] : SparseVector.Read(row.GetFieldValue<byte[]>(17)),
            TextModel = row.GetString(18),
            Text = row.IsDBNull(19) ? [] : SparseVector.Read(row.GetFieldValue<byte[]>(19)),
        };
    }
}
