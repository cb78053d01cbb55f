using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Writes commit groups.</summary>
internal sealed class JournalCommitter(WriterSession session) : IRows, IDisposable
{
    private readonly RowInsert _insert = new(session.Database, "journal_insert", 7);
    private readonly List<int> _rows = [];
    private CommitGroup? _group;
    private long _firstPosition;

    /// <summary>Writes a group in one durable transaction and marks in it who is fenced. On an exception nothing was committed, or it is unknown.</summary>
    public void Write(CommitGroup group)
    {
        group.BeginWriting();
        session.Begin(durable: true);
        session.Index.FillFor(group.Count);
        _rows.Clear();
        _group = group;
        _firstPosition = session.Position + 1;
        var latest = session.Shared.LatestEventMs;
        for (var i = 0; i < group.Count; i++)
        {
            // In order: what follows a fenced append is an orphan.
            var append = group.Appends[i];
            var key = group.IsOrphan(i) ? CustomerKeys.Erased : session.Customers.Resolve(append);
            if (key == CustomerKeys.Erased || session.Index.IsTaken(key, append.FirstSequence))
            {
                group.Fence(i);
                continue;
            }

            group.Keys[i] = key;
            latest = Math.Max(latest, append.MaxTimeMs);
            session.Index.Stage(new RecordPlace(key, append.FirstSequence, append.Count, ++session.Position));
            _rows.Add(i);
        }

        _insert.Run(this, _rows.Count);
        session.Commit();
        session.Shared.LatestEventMs = latest;
    }

    public void Bind(Statement insert, int firstParameter, int row)
    {
        var append = _group!.Appends[_rows[row]];
        insert
            .Bind(firstParameter, _firstPosition + row)
            .Bind(firstParameter + 1, _group.Keys[_rows[row]])
            .Bind(firstParameter + 2, append.FirstSequence)
            .Bind(firstParameter + 3, append.Count)
            .Bind(firstParameter + 4, append.MinTimeMs)
            .Bind(firstParameter + 5, append.MaxTimeMs)
            .Bind(firstParameter + 6, append.Payload.Span);
    }

    public void Dispose() => _insert.Dispose();
}
