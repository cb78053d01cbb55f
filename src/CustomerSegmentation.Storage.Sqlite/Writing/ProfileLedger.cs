using System.Runtime.InteropServices;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Writes profile rows and keeps the totals equal to their sums: every change of a row moves them by the exact difference.</summary>
internal sealed class ProfileLedger(WriterSession session)
{
    private const long None = -1;

    private readonly Dictionary<long, (long Customers, long Units)> _segments = [];
    private readonly Dictionary<long, long> _audiences = [];

    /// <summary>Forgets what a rolled-back transaction gathered.</summary>
    public void Clear()
    {
        _segments.Clear();
        _audiences.Clear();
    }

    public ProfileChanges Checkpoint(IReadOnlyList<CustomerCheckpoint> checkpoints, int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            Checkpoint(checkpoints[i]);
        }

        return Book();
    }

    public ProfileChanges Reassign(int version, long activation, IReadOnlyList<ProfileAssignment> assignments, int start, int count)
    {
        for (var i = start; i < start + count; i++)
        {
            var assignment = assignments[i];
            var row = session.Database["profile_assigned"].Bind(1, assignment.CustomerKey);
            if (!row.Step())
            {
                continue;
            }

            var (segment, assigned, units) = (row.GetInt64(0), row.GetInt64(1), MonetaryUnits.FromAmount(row.GetDouble(2)));
            row.Reset();
            if (assigned >= activation)
            {
                continue;
            }

            var target = session.Shared.Names.Intern(session.Database, assignment.Segment);
            var write = session.Database["profile_assign"].Bind(1, assignment.CustomerKey).Bind(2, target).Bind(3, version).Bind(4, activation)
                .Bind(5, assignment.Probability).Bind(6, assignment.SinceMs);
            _ = assignment.DueMs == long.MaxValue ? write.BindNull(7) : write.Bind(7, assignment.DueMs);
            write.Run();
            Move(segment, -1, -units);
            Move(target, 1, units);
        }

        return Book();
    }

    public ProfileChanges Retire(string customerId, CustomerCheckpoint last)
    {
        if (session.Customers.Find(customerId) is not { } key || Stored.Read(session.Database, key) is not { } stored || stored.Sequence > last.Sequence)
        {
            return ProfileChanges.None;
        }

        if (stored is { HasRow: true, Activation: > 0 })
        {
            CountFlow(stored.Segment, None, last.Profile.AsOfMs);
        }

        session.Database["customer_retire"].Bind(1, key).Bind(2, last.Sequence).Run();
        Remove(key, stored);
        return Book();
    }

    /// <summary>Removes snapshot and profile row; <see cref="Book"/> follows.</summary>
    public void Remove(long key, Stored stored)
    {
        session.Database["snapshot_delete"].Bind(1, key).Run();
        session.Database["profile_delete"].Bind(1, key).Run();
        if (stored.HasRow)
        {
            Move(stored.Segment, -1, -stored.Units);
            MoveAudiences(stored.Audiences, -1);
        }
    }

    /// <summary>Writes what was gathered, under a new revision.</summary>
    public ProfileChanges Book()
    {
        foreach (var (audience, customers) in _audiences)
        {
            if (customers != 0)
            {
                session.Database["audience_move"].Bind(1, audience).Bind(2, customers).Run();
            }
        }

        _audiences.Clear();
        if (_segments.Count == 0)
        {
            return ProfileChanges.None;
        }

        var revision = session.NextRevision();
        var deltas = new List<SegmentDelta>(_segments.Count);
        foreach (var (segment, (customers, units)) in _segments)
        {
            session.Database["total_move"].Bind(1, segment).Bind(2, customers).Bind(3, units).Run();
            deltas.Add(new SegmentDelta
            {
                Key = session.Shared.Names[segment],
                Revision = revision,
                Customers = customers,
                Monetary = MonetaryUnits.ToAmount(units),
            });
        }

        _segments.Clear();
        deltas.Sort((a, b) => string.CompareOrdinal(a.Key, b.Key));
        return new ProfileChanges(revision, deltas);
    }

    private void Checkpoint(CustomerCheckpoint checkpoint)
    {
        var key = checkpoint.CustomerKey != 0 ? checkpoint.CustomerKey : session.Customers.Find(checkpoint.CustomerId) ?? 0;
        if (key == 0
            || Stored.Read(session.Database, key) is not { } stored
            || stored.CustomerId != checkpoint.CustomerId
            || checkpoint.Sequence < stored.Sequence
            || checkpoint.Sequence <= stored.RetiredSequence)
        {
            return;
        }

        session.Database["snapshot_write"].Bind(1, key).Bind(2, checkpoint.Sequence).Bind(3, checkpoint.State.Span).Run();
        var row = checkpoint.Profile;
        var names = session.Shared.Names;
        var assignment = row.Assignment;
        var keepsStored = stored.HasRow && (assignment?.Activation ?? 0) < stored.Activation;
        var segment = keepsStored ? stored.Segment : assignment is null ? 0 : names.Intern(session.Database, assignment.Segment);
        if (!keepsStored && assignment is not null && (!stored.HasRow || (stored.Activation == assignment.Activation && stored.Segment != segment)))
        {
            CountFlow(stored.HasRow ? stored.Segment : None, segment, assignment.SinceMs);
        }

        var audiences = InternAudiences(row.Audiences);
        if (stored.HasRow)
        {
            Move(stored.Segment, -1, -stored.Units);
            MoveAudiences(stored.Audiences, -1);
        }

        Move(segment, 1, MonetaryUnits.FromAmount(row.Monetary));
        MoveAudiences(audiences, 1);
        Write(key, row, segment, keepsStored ? stored : Stored.Of(assignment), audiences);
    }

    private void Write(long key, ProfileRow row, long segment, Stored assigned, byte[] audiences)
    {
        Span<byte> vector = stackalloc byte[SparseVector.BytesMax(row.Vector.Length)];
        vector = vector[..SparseVector.Write(row.Vector.Span, vector)];
        var write = session.Database["profile_write"]
            .Bind(1, key)
            .Bind(2, row.CustomerId)
            .Bind(3, segment)
            .Bind(4, assigned.Version)
            .Bind(5, assigned.Activation)
            .Bind(6, assigned.Probability)
            .Bind(7, assigned.SinceMs)
            .Bind(8, double.IsNaN(row.Monetary) ? 0 : row.Monetary)
            .Bind(9, row.Orders)
            .Bind(10, row.FirstSeenMs)
            .Bind(11, row.LastSeenMs)
            .Bind(13, row.AsOfMs)
            .Bind(14, session.Shared.Names.Intern(session.Database, row.SchemaHash))
            .Bind(16, vector)
            .Bind(17, session.Shared.Names.Intern(session.Database, row.EmbeddingModel))
            .Bind(19, session.Shared.Names.Intern(session.Database, row.TextModel));
        _ = row.DueMs == long.MaxValue ? write.BindNull(12) : write.Bind(12, row.DueMs);
        _ = audiences.Length == 0 ? write.BindNull(15) : write.Bind(15, audiences);
        _ = row.Embedding.IsEmpty ? write.BindNull(18) : write.Bind(18, SparseVector.Write(row.Embedding.Span));
        _ = row.Text.IsEmpty ? write.BindNull(20) : write.Bind(20, SparseVector.Write(row.Text.Span));
        write.Run();
    }

    private byte[] InternAudiences(IReadOnlyList<string> keys)
    {
        if (keys.Count == 0)
        {
            return [];
        }

        int[] numbers = [.. keys.Distinct(StringComparer.Ordinal).Select(key => (int)session.Shared.Names.Intern(session.Database, key))];
        return MemoryMarshal.AsBytes<int>(numbers).ToArray();
    }

    private void Move(long segment, long customers, long units)
    {
        var (c, u) = _segments.GetValueOrDefault(segment);
        _segments[segment] = (c + customers, unchecked(u + units));
    }

    private void MoveAudiences(byte[] audiences, long customers)
    {
        foreach (var audience in MemoryMarshal.Cast<byte, int>(audiences))
        {
            _audiences[audience] = _audiences.GetValueOrDefault(audience) + customers;
        }
    }

    private void CountFlow(long origin, long destination, long atMs) =>
        session.Database["flow_count"].Bind(1, FlowHours.FromMs(atMs)).Bind(2, origin).Bind(3, destination).Run();
}
