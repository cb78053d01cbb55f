using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>
/// Writes profile rows in bulk and keeps the totals equal to their sums: every change of a row moves them by the exact difference. One for each transaction.
/// Customers are locked in the order of their keys and totals under the revision, so that two processes never wait for each other.
/// </summary>
internal sealed class ProfileLedger(WriterSession session)
{
    private const char AudienceSeparator = '\x1f';

    private readonly SortedDictionary<string, (long Customers, long Units)> _segments = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _audiences = new(StringComparer.Ordinal);
    private readonly SortedDictionary<(long Hour, string Origin, string Destination), (string? Origin, string? Destination, long Customers)> _flows = [];

    public async Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, int start, int count)
    {
        var chunk = checkpoints.Skip(start).Take(count).ToArray();
        var keys = await KeysAsync(chunk);
        var stored = await Stored.ReadAsync(session, [.. keys.Where(k => k != 0).Distinct().Order()]);
        var rows = new Dictionary<long, (CustomerCheckpoint Checkpoint, Stored Assigned)>();
        for (var i = 0; i < chunk.Length; i++)
        {
            if (stored.TryGetValue(keys[i], out var before)
                && before.CustomerId == chunk[i].CustomerId
                && chunk[i].Sequence >= before.Sequence
                && chunk[i].Sequence > before.RetiredSequence)
            {
                var after = Checkpoint(chunk[i], before);
                stored[keys[i]] = after;
                rows[keys[i]] = (chunk[i], after);
            }
        }

        if (rows.Count > 0)
        {
            await WriteAsync([.. rows.OrderBy(r => r.Key).Select(r => r.Value)]);
        }

        return await BookAsync();
    }

    public async Task<ProfileChanges> ReassignAsync(int version, long activation, IReadOnlyList<ProfileAssignment> assignments, int start, int count)
    {
        var chunk = assignments.Skip(start).Take(count).ToArray();
        var stored = await Stored.ReadAsync(session, [.. chunk.Select(a => a.CustomerKey).Distinct().Order()]);
        var moved = new List<ProfileAssignment>();
        foreach (var assignment in chunk)
        {
            if (!stored.TryGetValue(assignment.CustomerKey, out var before) || !before.HasRow || before.Activation >= activation)
            {
                continue;
            }

            Move(before.Segment, -1, -before.Units);
            Move(assignment.Segment, 1, before.Units);
            stored[assignment.CustomerKey] = before with { Segment = assignment.Segment, Activation = activation };
            moved.Add(assignment);
        }

        if (moved.Count > 0)
        {
            await session["profile_assign"]
                .Bind<long[]>([.. moved.Select(a => a.CustomerKey)])
                .Bind(version)
                .Bind(activation)
                .Bind<string[]>([.. moved.Select(a => a.Segment)])
                .Bind<double[]>([.. moved.Select(a => a.Probability)])
                .Bind<long[]>([.. moved.Select(a => a.SinceMs)])
                .Bind<long?[]>([.. moved.Select(a => OrNever(a.DueMs))])
                .ExecuteNonQueryAsync();
        }

        return await BookAsync();
    }

    public async Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last)
    {
        if (await FindAsync(customerId) is not { } stored || stored.Sequence > last.Sequence)
        {
            return ProfileChanges.None;
        }

        if (stored is { HasRow: true, Activation: > 0 })
        {
            CountFlow(stored.Segment, null, last.Profile.AsOfMs);
        }

        await session["customer_retire"].Bind(stored.Key).Bind(last.Sequence).ExecuteNonQueryAsync();
        await RemoveAsync(stored);
        return await BookAsync();
    }

    /// <summary>A customer by id, held until the transaction ends; null when there is none.</summary>
    public async Task<Stored?> FindAsync(string customerId)
    {
        var keys = await session["customer_keys"].Bind<byte[][]>([Parameters.Bytes(customerId)]).ListAsync(r => r.GetInt64(0));
        return keys.Count == 0 ? null : (await Stored.ReadAsync(session, [keys[0]])).GetValueOrDefault(keys[0]);
    }

    /// <summary>Those customers that there are, held until the transaction ends, in the order of their keys.</summary>
    public async Task<IReadOnlyList<Stored>> FindAsync(IReadOnlyList<string> customerIds)
    {
        var keys = await session["customer_keys"].Bind<byte[][]>([.. customerIds.Select(id => Parameters.Bytes(id))]).ListAsync(r => r.GetInt64(0));
        return [.. (await Stored.ReadAsync(session, [.. keys.Order()])).Values.OrderBy(s => s.Key)];
    }

    /// <summary>Removes snapshot and profile row; <see cref="BookAsync"/> follows.</summary>
    public async Task RemoveAsync(Stored stored)
    {
        await session["snapshot_delete"].Bind(stored.Key).ExecuteNonQueryAsync();
        await session["profile_delete"].Bind(stored.Key).ExecuteNonQueryAsync();
        if (stored.HasRow)
        {
            Move(stored.Segment, -1, -stored.Units);
            MoveAudiences(stored.Audiences, -1);
        }
    }

    /// <summary>Writes what was gathered, under a new revision.</summary>
    public async Task<ProfileChanges> BookAsync()
    {
        if (_segments.Count == 0)
        {
            return ProfileChanges.None;
        }

        var revision = await session["revision_next"].ScalarAsync<long>();
        await session["total_move"]
            .Bind<string[]>([.. _segments.Keys])
            .Bind<long[]>([.. _segments.Values.Select(m => m.Customers)])
            .Bind<long[]>([.. _segments.Values.Select(m => m.Units)])
            .ExecuteNonQueryAsync();
        if (_audiences.Count > 0)
        {
            await session["audience_move"].Bind<string[]>([.. _audiences.Keys]).Bind<long[]>([.. _audiences.Values]).ExecuteNonQueryAsync();
        }

        if (_flows.Count > 0)
        {
            await session["flow_count"]
                .Bind<long[]>([.. _flows.Keys.Select(f => f.Hour)])
                .Bind<string?[]>([.. _flows.Values.Select(f => f.Origin)])
                .Bind<string?[]>([.. _flows.Values.Select(f => f.Destination)])
                .Bind<long[]>([.. _flows.Values.Select(f => f.Customers)])
                .ExecuteNonQueryAsync();
        }

        return new ProfileChanges(revision, [.. _segments.Select(m => new SegmentDelta
        {
            Key = m.Key,
            Revision = revision,
            Customers = m.Value.Customers,
            Monetary = MonetaryUnits.ToAmount(m.Value.Units),
        })]);
    }

    private static long? OrNever(long dueMs) => dueMs == long.MaxValue ? null : dueMs;

    /// <summary>The keys of checkpoints; 0 for who is not known.</summary>
    private async Task<long[]> KeysAsync(CustomerCheckpoint[] chunk)
    {
        if (Array.TrueForAll(chunk, c => c.CustomerKey != 0))
        {
            return [.. chunk.Select(c => c.CustomerKey)];
        }

        var found = (await session["customer_keys"].Bind<byte[][]>([.. chunk.Where(c => c.CustomerKey == 0).Select(c => Parameters.Bytes(c.CustomerId))])
            .ListAsync(r => (Key: r.GetInt64(0), Id: r.Utf8(1)))).ToDictionary(r => r.Id, r => r.Key, StringComparer.Ordinal);
        return [.. chunk.Select(c => c.CustomerKey != 0 ? c.CustomerKey : found.GetValueOrDefault(c.CustomerId))];
    }

    /// <summary>Moves the totals from what is stored to a checkpoint; what is stored then.</summary>
    private Stored Checkpoint(CustomerCheckpoint checkpoint, Stored stored)
    {
        var row = checkpoint.Profile;
        var assignment = row.Assignment;
        var after = stored with { HasSnapshot = true, HasRow = true, Sequence = checkpoint.Sequence, Units = MonetaryUnits.FromAmount(row.Monetary) };
        var keepsStored = stored.HasRow && (assignment?.Activation ?? 0) < stored.Activation;
        if (!keepsStored)
        {
            after = after with
            {
                Segment = assignment?.Segment ?? "",
                Version = assignment?.Version ?? 0,
                Activation = assignment?.Activation ?? 0,
                Probability = assignment?.Probability ?? 0,
                SinceMs = assignment?.SinceMs ?? 0,
            };
            if (assignment is not null && (!stored.HasRow || (stored.Activation == assignment.Activation && stored.Segment != assignment.Segment)))
            {
                CountFlow(stored.HasRow ? stored.Segment : null, assignment.Segment, assignment.SinceMs);
            }
        }

        if (stored.HasRow)
        {
            Move(stored.Segment, -1, -stored.Units);
            MoveAudiences(stored.Audiences, -1);
        }

        after = after with { Audiences = [.. row.Audiences.Distinct(StringComparer.Ordinal)] };
        Move(after.Segment, 1, after.Units);
        MoveAudiences(after.Audiences, 1);
        return after;
    }

    private async Task WriteAsync((CustomerCheckpoint Checkpoint, Stored Assigned)[] rows)
    {
        long[] keys = [.. rows.Select(r => r.Assigned.Key)];
        await session["snapshot_write"]
            .Bind(keys)
            .Bind<long[]>([.. rows.Select(r => r.Checkpoint.Sequence)])
            .Bind<ReadOnlyMemory<byte>[]>([.. rows.Select(r => r.Checkpoint.State)])
            .ExecuteNonQueryAsync();
        await session["profile_write"]
            .Bind(keys)
            .Bind<byte[][]>([.. rows.Select(r => Parameters.Bytes(r.Checkpoint.CustomerId))])
            .Bind<string[]>([.. rows.Select(r => r.Assigned.Segment)])
            .Bind<int[]>([.. rows.Select(r => r.Assigned.Version)])
            .Bind<long[]>([.. rows.Select(r => r.Assigned.Activation)])
            .Bind<double[]>([.. rows.Select(r => r.Assigned.Probability)])
            .Bind<long[]>([.. rows.Select(r => r.Assigned.SinceMs)])
            .Bind<double[]>([.. rows.Select(r => double.IsNaN(r.Checkpoint.Profile.Monetary) ? 0 : r.Checkpoint.Profile.Monetary)])
            .Bind<long[]>([.. rows.Select(r => r.Checkpoint.Profile.Orders)])
            .Bind<long[]>([.. rows.Select(r => r.Checkpoint.Profile.FirstSeenMs)])
            .Bind<long[]>([.. rows.Select(r => r.Checkpoint.Profile.LastSeenMs)])
            .Bind<long?[]>([.. rows.Select(r => OrNever(r.Checkpoint.Profile.DueMs))])
            .Bind<long[]>([.. rows.Select(r => r.Checkpoint.Profile.AsOfMs)])
            .Bind<string[]>([.. rows.Select(r => r.Checkpoint.Profile.SchemaHash)])
            .Bind<string?[]>([.. rows.Select(r => r.Assigned.Audiences.Length == 0 ? null : string.Join(AudienceSeparator, r.Assigned.Audiences))])
            .Bind<byte[][]>([.. rows.Select(r => SparseVector.Write(r.Checkpoint.Profile.Vector.Span))])
            .Bind<string[]>([.. rows.Select(r => r.Checkpoint.Profile.EmbeddingModel)])
            .Bind<byte[]?[]>([.. rows.Select(r => r.Checkpoint.Profile.Embedding is { IsEmpty: false } e ? SparseVector.Write(e.Span) : null)])
            .Bind<string[]>([.. rows.Select(r => r.Checkpoint.Profile.TextModel)])
            .Bind<byte[]?[]>([.. rows.Select(r => r.Checkpoint.Profile.Text is { IsEmpty: false } t ? SparseVector.Write(t.Span) : null)])
            .ExecuteNonQueryAsync();
    }

    private void Move(string segment, long customers, long units)
    {
        var (c, u) = _segments.GetValueOrDefault(segment);
        _segments[segment] = (c + customers, unchecked(u + units));
    }

    private void MoveAudiences(string[] audiences, long customers)
    {
        foreach (var audience in audiences)
        {
            _audiences[audience] = _audiences.GetValueOrDefault(audience) + customers;
        }
    }

    private void CountFlow(string? origin, string? destination, long atMs)
    {
        var key = (FlowHours.FromMs(atMs), origin ?? "\0", destination ?? "\0");
        _flows[key] = (origin, destination, _flows.GetValueOrDefault(key).Customers + 1);
    }
}
