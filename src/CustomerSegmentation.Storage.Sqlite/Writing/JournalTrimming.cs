using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Removes old records, in the running transaction.</summary>
internal static class JournalTrimming
{
    public static (long Records, long Events) Run(WriterSession session, JournalTrim step, IEnumerable<(long Key, string CustomerId)> customers)
    {
        var (records, events) = (0L, 0L);
        foreach (var (key, id) in customers)
        {
            foreach (var removed in Trim(session, step, key, id))
            {
                records++;
                events += removed.Count;
            }
        }

        session.NoteTrimmed();
        return (records, events);
    }

    private static List<JournalRecord> Trim(WriterSession session, JournalTrim step, long key, string id)
    {
        var covered = 0L;
        var next = new List<(JournalRecord Record, long MaxTimeMs)>();
        var positions = new Dictionary<long, long>();
        var rows = session.Database["journal_covered"].Bind(1, key).Bind(2, JournalTrim.RecordsPerCustomerMax);
        while (rows.Step())
        {
            next.Add((new JournalRecord(id, rows.GetInt64(0), rows.GetInt32(1), rows.GetBytes(3).ToArray()), rows.GetInt64(2)));
            covered = rows.GetInt64(4);
            positions.Add(rows.GetInt64(0), rows.GetInt64(5));
        }

        if (step.Examine(next, covered, out var removed) is not (> 0 and var examined))
        {
            return removed;
        }

        foreach (var record in removed)
        {
            session.Database["journal_remove"].Bind(1, positions[record.FirstSequence]).Bind(2, key).Run();
            session.Database["journal_index_remove"].Bind(1, key).Bind(2, record.FirstSequence).Run();
        }

        var last = next[examined - 1].Record;
        session.Database["customer_trim"].Bind(1, key).Bind(2, last.FirstSequence + last.Count - 1).Run();
        return removed;
    }
}
