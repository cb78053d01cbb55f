using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Schema;
using CustomerSegmentation.Storage.Writing;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>Writes commit groups: all new customers in one statement, all rows in another.</summary>
internal sealed class JournalCommitter
{
    private readonly Dictionary<string, long> _keys = new(StringComparer.Ordinal);
    private readonly HashSet<(long Customer, long Sequence)> _rows = [];
    private readonly List<int> _inserted = [];
    private byte[]? _salt;

    /// <summary>Writes a group in the running transaction and marks in it who is fenced.</summary>
    /// <param name="session">The writer's.</param>
    /// <param name="group">What to write.</param>
    /// <param name="expectsFence">False: a row that meets the fence ends the transaction by an error, and the group is to be written again with true.</param>
    public async Task WriteAsync(WriterSession session, CommitGroup group, bool expectsFence)
    {
        group.BeginWriting();
        _rows.Clear();
        _inserted.Clear();

        await ResolveAsync(session, group);
        Choose(group);
        await InsertAsync(session, group, expectsFence);
    }

    /// <summary>Finds the keys of customers whom the actors do not know by number yet, and creates who is new and was not erased.</summary>
    private async Task ResolveAsync(WriterSession session, CommitGroup group)
    {
        _keys.Clear();
        var unknown = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < group.Count; i++)
        {
            if (group.Appends[i].CustomerKey == 0 && !group.IsOrphan(i))
            {
                unknown.Add(group.Appends[i].CustomerId);
            }
        }

        if (unknown.Count == 0)
        {
            return;
        }

        await session["erasures_exclude"].ExecuteNonQueryAsync();
        await FindAsync(session, unknown);
        if (unknown.Count == 0)
        {
            return;
        }

        _salt ??= await session["salt_get"].ScalarAsync<byte[]>();
        var create = session["customer_create"].Bind<byte[][]>([.. unknown.Select(Parameters.Bytes)]).Bind(_salt);
        foreach (var (key, id) in await create.ListAsync(r => (r.GetInt64(0), r.Utf8(1))))
        {
            _keys[id] = key;
            unknown.Remove(id);
        }

        // Another process was faster, or they were erased.
        if (unknown.Count > 0)
        {
            await FindAsync(session, unknown);
        }
    }

    private async Task FindAsync(WriterSession session, HashSet<string> unknown)
    {
        var find = session["customer_keys"].Bind<byte[][]>([.. unknown.Select(Parameters.Bytes)]);
        foreach (var (key, id) in await find.ListAsync(r => (r.GetInt64(0), r.Utf8(1))))
        {
            _keys[id] = key;
            unknown.Remove(id);
        }
    }

    /// <summary>Fences who can be told by heart: orphans, the erased, and the second of two with one sequence number.</summary>
    private void Choose(CommitGroup group)
    {
        for (var i = 0; i < group.Count; i++)
        {
            var append = group.Appends[i];
            var key = append.CustomerKey != 0 ? append.CustomerKey : _keys.GetValueOrDefault(append.CustomerId);
            if (key == 0 || group.IsOrphan(i) || !_rows.Add((key, append.FirstSequence)))
            {
                group.Fence(i);
                continue;
            }

            group.Keys[i] = key;
            _inserted.Add(i);
        }
    }

    /// <summary>
    /// Writes the rows and the transaction's mark in one exchange with the server, which also commits them when nothing was written before. Where the fence is
    /// expected, the server answers how many rows it took, and is asked which when some are missing.
    /// </summary>
    private async Task InsertAsync(WriterSession session, CommitGroup group, bool expectsFence)
    {
        if (_inserted.Count == 0)
        {
            return;
        }

        var (keys, sequences) = (Column(group.Keys), Column(group, a => a.FirstSequence));
        await using var batch = session.CreateBatch();

        // Who is erased meanwhile is erased before or after the whole group. The latest time may be that of a row that is not taken, whose sender sends it again.
        session.AddMarkExcludingErasures(batch, _inserted.Max(i => group.Appends[i].MaxTimeMs));
        var insert = new NpgsqlBatchCommand(Scripts.Statements[expectsFence ? "journal_insert_passing_fence" : "journal_insert"])
            .Bind(keys)
            .Bind(sequences)
            .Bind(Column(group, a => a.Count))
            .Bind(Column(group, a => a.MinTimeMs))
            .Bind(Column(group, a => a.MaxTimeMs))
            .Bind(Column(group, a => a.Payload));
        batch.BatchCommands.Add(insert);
        if (!expectsFence)
        {
            await session.RunLastAsync(batch);
            return;
        }

        await session.RunAsync(batch);
        if (insert.Rows < (ulong)_inserted.Count)
        {
            var written = await session["journal_written"].Bind(keys).Bind(sequences).ListAsync(r => (r.GetInt64(0), r.GetInt64(1)));
            await FenceAsync(session, group, [.. written]);
        }
    }

    /// <summary>Fences whose row was not written, and takes back the rows of those who follow them: there must be no gap.</summary>
    private async Task FenceAsync(WriterSession session, CommitGroup group, HashSet<(long Customer, long Sequence)> written)
    {
        var (customers, sequences) = (new List<long>(), new List<long>());
        foreach (var i in _inserted)
        {
            if (!written.Contains((group.Keys[i], group.Appends[i].FirstSequence)))
            {
                group.Fence(i);
            }
            else if (group.IsOrphan(i))
            {
                group.Fence(i);
                customers.Add(group.Keys[i]);
                sequences.Add(group.Appends[i].FirstSequence);
            }
        }

        if (customers.Count > 0)
        {
            await session["journal_remove"].Bind(customers.ToArray()).Bind(sequences.ToArray()).ExecuteNonQueryAsync();
        }
    }

    private long[] Column(long[] values) => [.. _inserted.Select(i => values[i])];

    private T[] Column<T>(CommitGroup group, Func<JournalAppend, T> value) => [.. _inserted.Select(i => value(group.Appends[i]))];
}
