using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>Appends that commit together; reused after its outcomes are decided, except for the task.</summary>
internal sealed class CommitGroup(int appendsMax)
{
    private TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalAppend[] Appends { get; } = new JournalAppend[appendsMax];

    /// <summary>Customer keys found for <see cref="Appends"/>; given to them after the commit.</summary>
    public long[] Keys { get; } = new long[appendsMax];

    /// <summary>Which of <see cref="Appends"/> are fenced.</summary>
    public bool[] Fenced { get; } = new bool[appendsMax];

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public Task Completion => _completion.Task;

    public void Add(JournalAppend append)
    {
        append.Completion = _completion.Task;
        Fenced[Count] = false;
        Appends[Count++] = append;
        Bytes += append.Payload.Length;
    }

    /// <summary>Hands the committed outcomes to the appends; <see cref="Complete"/> follows.</summary>
    public void Commit()
    {
        for (var i = 0; i < Count; i++)
        {
            var append = Appends[i];
            if (!Fenced[i])
            {
                append.CustomerKey = Keys[i];
                append.Previous = null;
            }

            append.Outcome = Fenced[i] ? JournalOutcome.Fenced : JournalOutcome.Committed;
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
        Count = 0;
        Bytes = 0;
        _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
