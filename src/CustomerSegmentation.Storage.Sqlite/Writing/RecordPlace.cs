namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Where a record of the journal lies.</summary>
internal readonly record struct RecordPlace(long Customer, long FirstSequence, int Count, long Position)
{
    public long LastSequence => FirstSequence + Count - 1;

    /// <summary>Its order in the index: by customer, then by sequence number.</summary>
    public int Compare(long customer, long firstSequence) =>
        Customer.CompareTo(customer) is not 0 and var byCustomer ? byCustomer : FirstSequence.CompareTo(firstSequence);
}
