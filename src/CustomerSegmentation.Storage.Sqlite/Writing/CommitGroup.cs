using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Appends that commit together; reused after its outcomes are decided, except for the task.</summary>
internal sealed class CommitGroup
{
    private const int InitialCapacity = 64;

    private TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalAppend[] Appends { get; private set; } = new JournalAppend[InitialCapacity];

    /// <summary>Customer keys found for <see cref="Appends"/>; given to them after the commit.</summary>
    public long[] Keys { get; private set; } = new long[InitialCapacity];

    /// <summary>Which of <see cref="Appends"/> are fenced.</summary>
    public bool[] Fenced { get; private set; } = new bool[InitialCapacity];

    public int Count { get; private set; }

    public long Bytes { get; private set; }

    public Task Completion => _completion.Task;

    public void Add(JournalAppend append)
    {
        if (Count == Appends.Length)
        {
            var capacity = Count * 2;
            (Appends, Keys, Fenced) = (Grow(Appends, capacity), Grow(Keys, capacity), Grow(Fenced, capacity));
        }

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

    private static T[] Grow<T>(T[] items, int capacity)
    {
        Array.Resize(ref items, capacity);
        return items;
    }
}
