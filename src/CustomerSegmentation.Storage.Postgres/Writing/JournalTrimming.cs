using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Postgres.Connections;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>Removes old records, in the running transaction.</summary>
internal static class JournalTrimming
{
    public static async Task<(long Records, long Events)> RunAsync(WriterSession session, JournalTrim step, long[] keys)
    {
        // No commit group of any process is under way: none of them has looked up a sequence number that is removed here.
        await session["erasures_own"].ExecuteNonQueryAsync();
        await session["customer_lock"].Bind(keys).ExecuteNonQueryAsync();
        var rows = await session["journal_covered"].Bind(keys).Bind(JournalTrim.RecordsPerCustomerMax).ListAsync(
            r => (Key: r.GetInt64(0), Record: new JournalRecord(r.Utf8(1), r.GetInt64(2), r.GetInt32(3), r.GetFieldValue<byte[]>(5)), MaxTimeMs: r.GetInt64(4),
                Covered: r.GetInt64(6)));
        var (customers, sequences, trimmed) = (new List<long>(), new List<long>(), new Dictionary<long, long>());
        var events = 0L;
        foreach (var customer in rows.GroupBy(r => r.Key))
        {
            (JournalRecord Record, long MaxTimeMs)[] next = [.. customer.Select(r => (r.Record, r.MaxTimeMs))];
            if (step.Examine(next, customer.First().Covered, out var removed) is > 0 and var examined)
            {
                var last = next[examined - 1].Record;
                trimmed[customer.Key] = last.FirstSequence + last.Count - 1;
            }

            customers.AddRange(Enumerable.Repeat(customer.Key, removed.Count));
            sequences.AddRange(removed.Select(r => r.FirstSequence));
            events += removed.Sum(r => (long)r.Count);
        }

        await session["journal_remove"].Bind(customers.ToArray()).Bind(sequences.ToArray()).ExecuteNonQueryAsync();
        await session["customer_trim"].Bind(trimmed.Keys.ToArray()).Bind(trimmed.Values.ToArray()).ExecuteNonQueryAsync();
        return (sequences.Count, events);
    }
}
