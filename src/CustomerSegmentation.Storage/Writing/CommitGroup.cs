using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.Writing;

/// <summary>Appends that commit together; reused after its outcomes are decided, except for the task.</summary>
internal sealed class CommitGroup(int appendsMax)
{
    private readonly bool[] _isFenced = new bool[appendsMax];
    private readonly HashSet<JournalAppend> _fenced = [];
    private TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalAppend[] Appends { get; } = new JournalAppend[appendsMax];

    /// <summary>Customer keys found for <see cref="Appends"/>; given to them after the commit.</summary>
    public long[] Keys { get; } = new long[appendsMax];

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    /// <summary>When the writer took the group, on the clock of <see cref="System.Diagnostics.Stopwatch"/>; for telemetry alone.</summary>
    public long TakenAt { get; set; }

    public Task Completion => _completion.Task;

    public void Add(JournalAppend append)
    {
        append.Completion = _completion.Task;
        _isFenced[Count] = false;
        Appends[Count++] = append;
        Bytes += append.Payload.Length;
    }

    /// <summary>Forgets who was fenced: the group is about to be written, perhaps not for the first time.</summary>
    public void BeginWriting()
    {
        Array.Clear(_isFenced, 0, Count);
        _fenced.Clear();
    }

    /// <summary>Marks an append as fenced; what follows it becomes an orphan.</summary>
    public void Fence(int index)
    {
        _isFenced[index] = true;
        _fenced.Add(Appends[index]);
    }

    public bool IsFenced(int index) => _isFenced[index];

    /// <summary>Whether the append's predecessor did not commit. A pending one is fine in the same group: it comes before.</summary>
    public bool IsOrphan(int index)
    {
        if (Appends[index].Previous is not { } previous)
        {
            return false;
        }

        return previous.Outcome switch
        {
            JournalOutcome.Committed => false,
            JournalOutcome.Pending => previous.Completion != Completion || (_fenced.Count > 0 && _fenced.Contains(previous)),
            _ => true,
        };
    }

    /// <summary>How many appends were fenced.</summary>
    public int FencedCount => _fenced.Count;

    /// <summary>Hands the committed outcomes to the appends; <see cref="Complete"/> follows.</summary>
    public void Commit()
    {
        for (var i = 0; i < Count; i++)
        {
            var append = Appends[i];
            if (!_isFenced[i])
            {
                append.CustomerKey = Keys[i];
                append.Previous = null;
            }

            append.Outcome = _isFenced[i] ? JournalOutcome.Fenced : JournalOutcome.Committed;
        }
    }

    /// <summary>Hands a failure to the appends; <see cref="Complete"/> follows.</summary>
    public void Fail(Exception error)
    {
        for (var i = 0; i < Count; i++)
        {
            Appends[i].Error = error;
            Appends[i].Outcome = JournalOutcome.Failed;
        }
    }

    /// <summary>Wakes who waits; continuations run on the thread pool.</summary>
    public void Complete() => _completion.SetResult();

    /// <summary>Makes the group ready for new appends.</summary>
    public void Reset()
    {
        Array.Clear(Appends, 0, Count);
        _fenced.Clear();
        Count = 0;
        Bytes = 0;
        _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
