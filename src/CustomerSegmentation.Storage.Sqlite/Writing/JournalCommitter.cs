using System.Text;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Schema;
using CustomerSegmentation.Storage.Writing;
using SQLitePCL;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Writes commit groups: many rows a statement, row by row only where one of them meets the fence.</summary>
internal sealed class JournalCommitter(WriterSession session) : IDisposable
{
    /// <summary>Rows a statement, largest first.</summary>
    private static readonly int[] Sizes = [64, 8, 1];

    private readonly Statement?[] _inserts = new Statement?[Sizes.Length];
    private readonly int[] _rows = new int[Sizes[0]];

    /// <summary>Writes a group in one durable transaction and marks in it who is fenced. On an exception nothing was committed, or it is unknown.</summary>
    public void Write(CommitGroup group)
    {
        group.BeginWriting();
        session.Begin(durable: true);
        var latest = session.Shared.LatestEventMs;
        var waiting = 0;
        for (var i = 0; i < group.Count; i++)
        {
            var append = group.Appends[i];
            var key = group.IsOrphan(i) ? CustomerKeys.Erased : session.Customers.Resolve(append);
            if (key == CustomerKeys.Erased || (session.Shared.AnyTrimmed && append.FirstSequence <= session.Customers.Trimmed(key)))
            {
                group.Fence(i);
                continue;
            }

            group.Keys[i] = key;
            latest = Math.Max(latest, append.MaxTimeMs);
            _rows[waiting++] = i;
            if (waiting == _rows.Length)
            {
                Insert(group, 0, 0);
                waiting = 0;
            }
        }

        InsertRest(group, waiting);
        session.Commit();
        session.Shared.LatestEventMs = latest;
    }

    public void Dispose()
    {
        foreach (var insert in _inserts)
        {
            insert?.Dispose();
        }
    }

    private void InsertRest(CommitGroup group, int waiting)
    {
        var done = 0;
        for (var s = 1; s < Sizes.Length; s++)
        {
            for (; waiting - done >= Sizes[s]; done += Sizes[s])
            {
                Insert(group, done, s);
            }
        }
    }

    /// <summary>Inserts rows of <see cref="_rows"/> from a position on, as many as the size says.</summary>
    private void Insert(CommitGroup group, int from, int size)
    {
        if (!HasOrphan(group, from, Sizes[size]) && TryInsert(group, from, size))
        {
            return;
        }

        // One by one and in order: a row that follows a fenced one must not be written.
        for (var i = from; i < from + Sizes[size]; i++)
        {
            if (group.IsOrphan(_rows[i]) || !TryInsert(group, i, Sizes.Length - 1))
            {
                group.Fence(_rows[i]);
            }
        }
    }

    /// <summary>Whether a row waiting to be written follows one that was fenced while it waited.</summary>
    private bool HasOrphan(CommitGroup group, int from, int count)
    {
        for (var i = from; group.AnyFenced && i < from + count; i++)
        {
            if (group.IsOrphan(_rows[i]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>False when one of the rows meets the fence; none of them is written then.</summary>
    private bool TryInsert(CommitGroup group, int from, int size)
    {
        var insert = _inserts[size] ??= Prepare(Sizes[size]);
        var parameter = 0;
        for (var i = from; i < from + Sizes[size]; i++)
        {
            var append = group.Appends[_rows[i]];
            insert
                .Bind(++parameter, ++session.Position)
                .Bind(++parameter, group.Keys[_rows[i]])
                .Bind(++parameter, append.FirstSequence)
                .Bind(++parameter, append.Count)
                .Bind(++parameter, append.MinTimeMs)
                .Bind(++parameter, append.MaxTimeMs)
                .Bind(++parameter, append.Payload.Span);
        }

        var code = insert.TryStep();
        return code == raw.SQLITE_DONE || ((code & 0xff) == raw.SQLITE_CONSTRAINT ? false : throw session.Database.Error(code));
    }

    private Statement Prepare(int rows)
    {
        var sql = new StringBuilder(Scripts.Statements["journal_insert"]);
        for (var i = 0; i < rows; i++)
        {
            sql.Append(i == 0 ? ' ' : ',').Append("(?,?,?,?,?,?,?)");
        }

        return session.Database.Prepare(sql.ToString());
    }
}
