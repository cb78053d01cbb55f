namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Where a record of the journal lies.</summary>
internal readonly record struct RecordPlace(long Customer, long FirstSequence, int Count, long Position)
{
    public long LastSequence => FirstSequence + Count - 1;
}
