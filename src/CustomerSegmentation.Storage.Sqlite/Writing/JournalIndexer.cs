using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>
/// Fills the index of the journal behind it, and knows which sequence numbers are taken. Each commit group also enters some older records, as many as
/// are needed that the older list is written when the younger one is full: so the work is spread evenly, and memory stays bounded.
/// </summary>
internal sealed class JournalIndexer(WriterSession session, int recordsMax) : IRows, IDisposable
{
    private const string IndexedPosition = "indexed_position";

    private readonly RowInsert _insert = new(session.Database, "journal_index_insert", 3);
    private readonly List<RecordPlace> _staged = [];
    private readonly Dictionary<long, long> _stagedLast = [];
    private readonly List<RecordPlace> _entered = [];
    private Task<int[]>? _order;
    private int _done;
    private int _doneBefore;

    private UnindexedRecords Unindexed => session.Shared.Unindexed;

    /// <summary>Enters what the process before this one, or a connection that broke, left in the journal alone.</summary>
    public void Load()
    {
        var indexed = session.Meta(IndexedPosition);
        if (indexed < session.Position)
        {
            session.Begin(durable: true);
            session.Database["journal_index_rest"].Bind(1, indexed).Run();
            session.SetMeta(IndexedPosition, session.Position);
            session.Commit();
        }

        Unindexed.Reset(session.Position);
    }

    /// <summary>Whether a customer's sequence number is not above those of the committed records, of those of the running transaction, or of removed ones.</summary>
    public bool IsTaken(long customer, long sequence)
    {
        if (_stagedLast.TryGetValue(customer, out var staged))
        {
            return sequence <= staged;
        }

        if (Unindexed.Last(customer) is { } last)
        {
            return sequence <= last.FirstSequence;
        }

        var row = session.Database["journal_index_last"].Bind(1, customer);
        var isTaken = row.Step() && sequence <= row.GetInt64(0);
        row.Reset();
        return isTaken || (session.Shared.AnyTrimmed && sequence <= session.Customers.Trimmed(customer));
    }

    /// <summary>Notes a record of the running transaction.</summary>
    public void Stage(RecordPlace place)
    {
        _staged.Add(place);
        _stagedLast[place.Customer] = place.FirstSequence;
    }

    /// <summary>Enters, with the running transaction, as many older records as so many appends call for.</summary>
    public void FillFor(int appends)
    {
        var left = Unindexed.Old.Count - _done;
        var room = recordsMax - Unindexed.YoungCount;
        if (left == 0 || (room > appends && _order is { IsCompleted: false }))
        {
            return;
        }

        Enter(room <= appends ? left : (int)(1 + (long)left * appends / room));
    }

    /// <summary>Enters, with the running transaction, up to so many of the oldest records. True when everything up to a position was entered before.</summary>
    public bool Fill(int records, long position)
    {
        if (Unindexed.IsIndexed(position))
        {
            return true;
        }

        if (Unindexed.Old.Count == 0)
        {
            TurnOver();
        }

        Enter(records);
        return false;
    }

    public void Commit()
    {
        if (_staged.Count > 0)
        {
            Unindexed.Add(_staged);
            ForgetStaged();
        }

        _doneBefore = _done;
        if (_done > 0 && _done == Unindexed.Old.Count)
        {
            Unindexed.ForgetOld();
            _done = _doneBefore = 0;
        }

        if (Unindexed.Old.Count == 0 && Unindexed.YoungCount >= recordsMax)
        {
            TurnOver();
        }
    }

    public void Rollback()
    {
        ForgetStaged();
        _done = _doneBefore;
    }

    public void Bind(Statement insert, int firstParameter, int row) => insert
        .Bind(firstParameter, _entered[row].Customer)
        .Bind(firstParameter + 1, _entered[row].FirstSequence)
        .Bind(firstParameter + 2, _entered[row].Position);

    public void Dispose() => _insert.Dispose();

    private void ForgetStaged()
    {
        _staged.Clear();
        _stagedLast.Clear();
    }

    private void TurnOver()
    {
        Unindexed.TurnOver();
        var old = Unindexed.Old;

        // Takes some ten milliseconds for some hundred thousand records: receipts do not wait for it.
        _order = Task.Run(old.Order);
    }

    private void Enter(int records)
    {
        var old = Unindexed.Old;
        var end = Math.Min(old.Count, _done + records);
        if (end == _done)
        {
            return;
        }

        var order = _order!.GetAwaiter().GetResult();
        var erased = session.Shared.ErasedKeys;
        _entered.Clear();
        for (; _done < end; _done++)
        {
            var place = old[order[_done]];
            if (!erased.Contains(place.Customer))
            {
                _entered.Add(place);
            }
        }

        _insert.Run(this, _entered.Count);
        if (_done == old.Count)
        {
            session.SetMeta(IndexedPosition, old[_done - 1].Position);
        }
    }
}
