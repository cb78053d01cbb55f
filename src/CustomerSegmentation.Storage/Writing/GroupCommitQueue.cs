using System.Diagnostics;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Telemetry;

namespace CustomerSegmentation.Storage.Writing;

/// <summary>What waits for a storage's writer: commit groups, and other writes. Both bounded. How the writer waits is the storage's own.</summary>
/// <param name="limits">The bounds.</param>
/// <param name="storage">Name of the storage, for who comes after it was closed.</param>
internal abstract class GroupCommitQueue<TRequest>(WriteQueueLimits limits, string storage)
    where TRequest : class
{
    private readonly Queue<CommitGroup> _full = new();
    private readonly Queue<TRequest> _requests = new();
    private readonly Stack<CommitGroup> _spare = new();
    private CommitGroup _open = new(limits.GroupAppendsMax);
    private int _appends;
    private long _bytes;
    private volatile string? _fault;

    public string? Fault => _fault;

    public double Fill
    {
        get
        {
            lock (Gate)
            {
                return Math.Max(_appends / (double)limits.AppendsMax, _bytes / (double)limits.BytesMax);
            }
        }
    }

    public AppendResult TryAppend(JournalAppend append)
    {
        var bytes = append.Payload.Length;
        lock (Gate)
        {
            if (IsClosed)
            {
                append.Error = Closed();
                append.Outcome = JournalOutcome.Failed;
                return AppendResult.Broken;
            }

            if (append.Previous is { Outcome: JournalOutcome.Failed or JournalOutcome.Fenced })
            {
                return AppendResult.Broken;
            }

            // One append larger than the limit still passes through an empty queue.
            if (_appends >= limits.AppendsMax || (_appends > 0 && _bytes + bytes > limits.BytesMax))
            {
                JournalMetrics.NotTaken();
                return AppendResult.Full;
            }

            _open.Add(append);
            _appends++;
            _bytes += bytes;
            JournalMetrics.Queued(bytes);
            if (_open.Count >= limits.GroupAppendsMax)
            {
                _full.Enqueue(_open);
                _open = _spare.TryPop(out var spare) ? spare : new CommitGroup(limits.GroupAppendsMax);
            }

            Wake();
        }

        return AppendResult.Queued;
    }

    /// <summary>Says why commits do not succeed at the moment; null when they do.</summary>
    public void SetFault(string? fault)
    {
        lock (Gate)
        {
            _fault = fault;
        }
    }

    /// <summary>Decides a group that was committed.</summary>
    public void Succeed(CommitGroup group)
    {
        group.Commit();
        JournalMetrics.Succeeded(group.Count, group.FencedCount, group.TakenAt);
        Release(group, null);
        group.Complete();
        Recycle(group);
    }

    /// <summary>Decides a group that was not committed, and everything queued with it: what follows a gap must not be written.</summary>
    public void Fail(CommitGroup group, Exception error)
    {
        var failed = new List<CommitGroup> { group };
        lock (Gate)
        {
            _fault = error.Message;
            Subtract(group);
            JournalMetrics.FailedGroup(group.Count, group.TakenAt);
            group.Fail(error);
            while (TakeGroup() is { } next)
            {
                Subtract(next);
                JournalMetrics.FailedBehind(next.Count);
                next.Fail(error);
                failed.Add(next);
            }
        }

        foreach (var one in failed)
        {
            one.Complete();
            Recycle(one);
        }
    }

    /// <summary>Nothing more is taken; what is queued is still written.</summary>
    public void Close()
    {
        lock (Gate)
        {
            IsClosed = true;
            Wake();
        }
    }

    /// <summary>Guards the queue; <see cref="Wake"/> is called while it is held.</summary>
    protected object Gate { get; } = new();

    /// <summary>Nothing more is taken. Read under <see cref="Gate"/>.</summary>
    protected bool IsClosed { get; private set; }

    /// <summary>There is something to take, or the queue was closed.</summary>
    protected abstract void Wake();

    /// <summary>Queues a write other than an append. <see cref="AppendResult.Broken"/> when the queue is closed.</summary>
    protected AppendResult TryPost(TRequest request)
    {
        lock (Gate)
        {
            if (IsClosed)
            {
                return AppendResult.Broken;
            }

            if (_requests.Count >= limits.RequestsMax)
            {
                return AppendResult.Full;
            }

            _requests.Enqueue(request);
            Wake();
            return AppendResult.Queued;
        }
    }

    /// <summary>Takes the oldest commit group and the oldest other write; false when there is neither. Called under <see cref="Gate"/>.</summary>
    protected bool TryTake(out CommitGroup? group, out TRequest? request)
    {
        group = TakeGroup();
        request = TryTakeRequest();
        return group is not null || request is not null;
    }

    /// <summary>Takes the oldest write other than an append, if there is one. Called under <see cref="Gate"/>.</summary>
    protected TRequest? TryTakeRequest() => _requests.TryDequeue(out var request) ? request : null;

    protected ObjectDisposedException Closed() => new(storage);

    private void Release(CommitGroup group, string? fault)
    {
        lock (Gate)
        {
            Subtract(group);
            _fault = fault;
        }
    }

    private void Subtract(CommitGroup group)
    {
        _appends -= group.Count;
        _bytes -= group.Bytes;
        JournalMetrics.Left(group.Count, group.Bytes);
    }

    private CommitGroup? TakeGroup()
    {
        if (_full.TryDequeue(out var full))
        {
            full.TakenAt = Stopwatch.GetTimestamp();
            return full;
        }

        if (_open.Count == 0)
        {
            return null;
        }

        var taken = _open;
        taken.TakenAt = Stopwatch.GetTimestamp();
        _open = _spare.TryPop(out var spare) ? spare : new CommitGroup(limits.GroupAppendsMax);
        return taken;
    }

    private void Recycle(CommitGroup group)
    {
        group.Reset();
        lock (Gate)
        {
            _spare.Push(group);
        }
    }
}
