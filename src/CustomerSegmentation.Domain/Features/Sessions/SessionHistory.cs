using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State.Schema;
using Google.Protobuf;

namespace CustomerSegmentation.Domain.Features.Sessions;

/// <summary>
/// Visits by event time, separated by 30 minutes without an event (the usual convention of web analytics). The latest eight are kept as intervals that a late
/// event may extend or join into one, so any order of arrival gives the same sessions as long as an event is no later than eight sessions, or pieces of
/// sessions that are still to be joined. Older ones are folded into totals, and an event later than that counts as a session of its own.
/// </summary>
internal struct SessionHistory
{
    private const int Capacity = 8;
    private const long GapMs = 30 * 60_000;

    private Session[]? _sessions;
    private int _count;
    private SessionTotals _folded;

    public readonly int EstimatedBytes => _sessions is null ? 0 : 24 + (_sessions.Length * 24);

    public static void Declare(ColumnList columns) => columns.Group("sessions")
        .Log("sessions", "sessions", "Visits, separated by 30 minutes without an event.")
        .Log("sessionMinutes", "minutes", "Mean length of a visit from its first to its last event.")
        .Log("sessionDepth", "events", "Mean number of events of a visit.")
        .Share("singleEventSessionShare", "Share of visits with one event only.")
        .Share("orderSessionShare", "Share of visits with an order.")
        .Share("cartAbandonmentShare", "Share of the visits with something put into the cart that ended without an order.", inSpace: true);

    public void Add(EventKind kind, long timeMs)
    {
        var flags = kind switch
        {
            EventKind.ProductAdded => SessionFlags.Cart,
            EventKind.OrderCompleted => SessionFlags.Order,
            _ => SessionFlags.None,
        };
        var arrived = new Session { StartMs = timeMs, EndMs = timeMs, Depth = 1, Flags = flags };

        // The last session that begins no later than a gap after the event: the only one, or the later of two, that the event can touch.
        var i = _count - 1;
        while (i >= 0 && _sessions![i].StartMs > timeMs + GapMs)
        {
            i--;
        }

        if (i < 0 || timeMs - _sessions![i].EndMs > GapMs)
        {
            Insert(i + 1, arrived);
            return;
        }

        _sessions[i].Merge(arrived);
        if (i > 0 && _sessions[i].StartMs - _sessions[i - 1].EndMs <= GapMs)
        {
            _sessions[i - 1].Merge(_sessions[i]);
            Array.Copy(_sessions, i + 1, _sessions, i, --_count - i);
        }
    }

    public readonly void Materialize(ref FeatureWriter writer)
    {
        var totals = _folded;
        for (var i = 0; i < _count; i++)
        {
            totals.Add(_sessions![i]);
        }

        writer.Add(totals.Count);
        writer.AddRatio(totals.LengthMs / 60_000, totals.Count);
        writer.AddRatio(totals.Depth, totals.Count);
        writer.AddRatio(totals.Single, totals.Count);
        writer.AddRatio(totals.Orders, totals.Count);
        writer.AddRatio(totals.Abandoned, totals.Carts);
    }

    public readonly SessionsRecord? ToRecord()
    {
        if (_count == 0)
        {
            return null;
        }

        var record = new SessionsRecord
        {
            Folded = _folded.Count,
            FoldedMs = _folded.LengthMs,
            FoldedDepth = _folded.Depth,
            FoldedSingle = _folded.Single,
            FoldedCarts = _folded.Carts,
            FoldedOrders = _folded.Orders,
            FoldedAbandoned = _folded.Abandoned,
        };
        var flags = new byte[_count];
        long previous = 0;
        for (var i = 0; i < _count; i++)
        {
            ref readonly var session = ref _sessions![i];
            record.StartsMs.Add(session.StartMs - previous);
            record.LengthsMs.Add((ulong)(session.EndMs - session.StartMs));
            record.Depths.Add((uint)session.Depth);
            flags[i] = (byte)session.Flags;
            previous = session.StartMs;
        }

        record.Flags = UnsafeByteOperations.UnsafeWrap(flags);
        return record;
    }

    /// <exception cref="FormatException">The arrays differ in length, or are longer than the window.</exception>
    public static SessionHistory FromRecord(SessionsRecord? record)
    {
        var history = default(SessionHistory);
        if (record is null)
        {
            return history;
        }

        var count = record.StartsMs.Count;
        if (count > Capacity || record.LengthsMs.Count != count || record.Depths.Count != count || record.Flags.Length != count)
        {
            throw new FormatException($"{count} sessions where up to {Capacity} are kept, or with arrays of other lengths.");
        }

        long start = 0;
        for (var i = 0; i < count; i++)
        {
            start = unchecked(start + record.StartsMs[i]);
            history.Insert(i, new Session
            {
                StartMs = start,
                EndMs = unchecked(start + (long)record.LengthsMs[i]),
                Depth = (int)record.Depths[i],
                Flags = (SessionFlags)record.Flags[i],
            });
        }

        history._folded = new SessionTotals
        {
            Count = record.Folded,
            LengthMs = record.FoldedMs,
            Depth = record.FoldedDepth,
            Single = record.FoldedSingle,
            Carts = record.FoldedCarts,
            Orders = record.FoldedOrders,
            Abandoned = record.FoldedAbandoned,
        };
        return history;
    }

    private void Insert(int at, in Session session)
    {
        if (_count == Capacity)
        {
            if (at == 0)
            {
                _folded.Add(session);
                return;
            }

            _folded.Add(_sessions![0]);
            Array.Copy(_sessions, 1, _sessions, 0, --_count);
            at--;
        }
        else if (_sessions is null || _count == _sessions.Length)
        {
            Array.Resize(ref _sessions, Math.Max(2, _count * 2));
        }

        Array.Copy(_sessions, at, _sessions, at + 1, _count - at);
        _sessions[at] = session;
        _count++;
    }
}
