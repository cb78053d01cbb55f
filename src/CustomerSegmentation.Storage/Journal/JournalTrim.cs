namespace CustomerSegmentation.Storage.Journal;

/// <summary>One step of a pass over all customers that removes old records.</summary>
/// <param name="BeforeMs">Records whose events all happened before this may go, milliseconds since 1970-01-01 UTC.</param>
/// <param name="AfterKey">The pass goes on behind this customer key; 0 begins it.</param>
/// <param name="CustomersMax">Customers to look at, from 1.</param>
public sealed record JournalTrim(long BeforeMs, long AfterKey, int CustomersMax)
{
    /// <summary>At most so many records of one customer are removed in a pass; the rest in the passes after it.</summary>
    public const int RecordsPerCustomerMax = 64;

    /// <summary>Customers whose records are removed in one transaction.</summary>
    public const int CustomersPerTransactionMax = 16;

    /// <summary>Records that are kept although they are old, such as those that name another id; by default none.</summary>
    public Func<JournalRecord, bool> Keeps { get; init; } = _ => false;

    /// <summary>Which of a customer's records after the trimmed ones are examined, in sequence order: those before the first that is young or not covered.</summary>
    internal int Examine(IReadOnlyList<(JournalRecord Record, long MaxTimeMs)> records, long snapshotSequence, out List<JournalRecord> removed)
    {
        removed = [];
        var examined = 0;
        foreach (var (record, maxTimeMs) in records.Take(RecordsPerCustomerMax))
        {
            if (maxTimeMs >= BeforeMs || record.FirstSequence + record.Count - 1 > snapshotSequence)
            {
                break;
            }

            examined++;
            if (!Keeps(record))
            {
                removed.Add(record);
            }
        }

        return examined;
    }
}
