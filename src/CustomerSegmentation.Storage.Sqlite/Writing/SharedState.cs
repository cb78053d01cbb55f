namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>What the writer tells the readers.</summary>
internal sealed class SharedState
{
    private long _latestEventMs;

    public NameTable Names { get; } = new();

    public UnindexedRecords Unindexed { get; } = new();

    /// <summary>Latest event time in the committed journal, milliseconds since 1970-01-01 UTC.</summary>
    public long LatestEventMs
    {
        get => Interlocked.Read(ref _latestEventMs);
        set => Interlocked.Exchange(ref _latestEventMs, value);
    }

    /// <summary>Random bytes before each id that is hashed for a tombstone.</summary>
    public byte[] Salt { get; set; } = [];

    /// <summary>Whether anybody was ever erased; spares the look-up while nobody was.</summary>
    public volatile bool AnyErased;

    /// <summary>Whether records of anybody were ever removed for their age; spares the look-up while none were. Touched by the writer thread alone.</summary>
    public bool AnyTrimmed { get; set; }

    /// <summary>Keys of customers who were erased since the start: an actor may still hold one. Touched by the writer thread alone.</summary>
    public HashSet<long> ErasedKeys { get; } = [];

    /// <summary>Whether the process before this one stopped without closing the database.</summary>
    public bool AfterUncleanStop { get; set; }
}
