using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Reading;

internal sealed class SqliteProfileIndex(SqliteStorageOptions options, SharedState shared, WriteQueue queue, ReaderPool readers) : IProfileIndex
{
    public Task<ProfileTotals> GetTotalsAsync(CancellationToken cancellationToken = default) => readers.ReadAsync(
        reader =>
        {
            // Revision and sums come from one state of the database.
            reader["read_begin"].Run();
            var meta = reader["meta_get"].Bind(1, "revision");
            var revision = meta.Step() ? meta.GetInt64(0) : 0;
            meta.Reset();
            var segments = new List<SegmentTotal>();
            var rows = reader["total_all"];
            while (rows.Step())
            {
                segments.Add(new SegmentTotal(rows.GetText(0), rows.GetInt64(1), MonetaryUnits.ToAmount(rows.GetInt64(2))));
            }

            reader["commit"].Run();
            return new ProfileTotals(revision, segments, shared.LatestEventMs);
        },
        cancellationToken);

    public Task<IReadOnlyList<CustomerSummary>> ListAsync(
        string? segment, string? afterId, int limit, CancellationToken cancellationToken = default) => readers.ReadAsync<IReadOnlyList<CustomerSummary>>(
        reader =>
        {
            var rows = reader[segment is null ? "profile_list_all" : "profile_list_segment"].Bind(1, afterId ?? "").Bind(2, limit);
            if (segment is not null)
            {
                if (shared.Names.Find(segment) is not { } key)
                {
                    return [];
                }

                rows.Bind(3, key);
            }

            var page = new List<CustomerSummary>();
            while (rows.Step())
            {
                var key = rows.GetInt64(1);
                page.Add(new CustomerSummary
                {
                    Id = rows.GetText(0),
                    Segment = key == 0 ? null : shared.Names[key],
                    Probability = rows.GetDouble(2),
                    Monetary = rows.GetDouble(3),
                    Orders = rows.GetInt64(4),
                    LastSeen = DateTimeOffset.FromUnixTimeMilliseconds(rows.GetInt64(5)),
                });
            }

            return page;
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
            var batch = await readers.ReadAsync(reader => ReadRows(reader, after, range.UpTo, batchSize), cancellationToken);
            if (batch.Count == 0)
            {
                yield break;
            }

            last = batch[^1].CustomerKey;
            yield return batch;
        }
    }

    public Task<long> GetLastKeyAsync(CancellationToken cancellationToken = default) => readers.ReadAsync(
        reader =>
        {
            var row = reader["profile_last"];
            row.Step();
            var key = row.GetInt64(0);
            row.Reset();
            return key;
        },
        cancellationToken);

    public Task<IReadOnlyList<string>> ListDueAsync(long nowMs, int limit, CancellationToken cancellationToken = default) =>
        readers.ReadAsync<IReadOnlyList<string>>(
            reader =>
            {
                var due = new List<string>();
                var rows = reader["profile_due"].Bind(1, nowMs).Bind(2, limit);
                while (rows.Step())
                {
                    due.Add(rows.GetText(0));
                }

                return due;
            },
            cancellationToken);

    public Task<ProfileChanges> ReassignAsync(
        int version, long activation, IReadOnlyList<ProfileAssignment> assignments, CancellationToken cancellationToken = default) =>
        Chunks.PostAsync(
            queue,
            assignments.Count,
            options.CheckpointChunkMax,
            (session, start, count) => session.Profiles.Reassign(version, activation, assignments, start, count),
            cancellationToken);

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(long sinceMs, CancellationToken cancellationToken = default) =>
        readers.ReadAsync<IReadOnlyList<SegmentFlow>>(
            reader =>
            {
                var flows = new List<SegmentFlow>();
                var rows = reader["flow_since"].Bind(1, FlowHours.FromMs(sinceMs));
                while (rows.Step())
                {
                    flows.Add(new SegmentFlow { From = rows.GetTextOrNull(0), To = rows.GetTextOrNull(1), Customers = rows.GetInt64(2) });
                }

                return flows;
            },
            cancellationToken);

    private List<ProfileRow> ReadRows(ReaderPool.Lease reader, long after, long upTo, int limit)
    {
        var batch = new List<ProfileRow>(Math.Min(limit, 4096));
        var rows = reader["profile_scan"].Bind(1, after).Bind(2, upTo).Bind(3, limit);
        while (rows.Step())
        {
            var key = rows.GetInt64(0);
            batch.Add(new ProfileRow
            {
                CustomerId = rows.GetText(1),
                CustomerKey = key,
                Assignment = rows.GetInt64(4) == 0
                    ? null
                    : new ProfileAssignment(
                        key, shared.Names[rows.GetInt64(2)], rows.GetInt32(3), rows.GetInt64(4), rows.GetDouble(5), rows.GetInt64(6)),
                Monetary = rows.GetDouble(7),
                Orders = rows.GetInt64(8),
                FirstSeenMs = rows.GetInt64(9),
                LastSeenMs = rows.GetInt64(10),
                DueMs = rows.IsNull(11) ? long.MaxValue : rows.GetInt64(11),
                AsOfMs = rows.GetInt64(12),
                SchemaHash = shared.Names[rows.GetInt64(13)],
                Audiences = ReadAudiences(rows.GetBytes(14)),
                Vector = SparseVector.Read(rows.GetBytes(15)),
                EmbeddingModel = shared.Names[rows.GetInt64(16)],
                Embedding = rows.IsNull(17) ? [] : SparseVector.Read(rows.GetBytes(17)),
                TextModel = shared.Names[rows.GetInt64(18)],
                Text = rows.IsNull(19) ? [] : SparseVector.Read(rows.GetBytes(19)),
            });
        }

        return batch;
    }

    private string[] ReadAudiences(ReadOnlySpan<byte> numbers)
    {
        if (numbers.IsEmpty)
        {
            return [];
        }

        var audiences = new string[numbers.Length / sizeof(int)];
        for (var i = 0; i < audiences.Length; i++)
        {
            audiences[i] = shared.Names[MemoryMarshal.Cast<byte, int>(numbers)[i]];
        }

        return audiences;
    }
}
