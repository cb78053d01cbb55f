using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>What waits for the writer thread: commit groups, and other writes. Both bounded.</summary>
internal sealed class WriteQueue(SqliteStorageOptions options)
{
    private readonly object _gate = new();
    private readonly Queue<CommitGroup> _full = new();
    private readonly Queue<WriteRequest> _requests = new();
    private readonly Stack<CommitGroup> _spare = new();
    private CommitGroup _open = new(options.CommitGroupAppendsMax);
    private int _appends;
    private long _bytes;
    private bool _waiting;
    private bool _closed;
    private volatile string? _fault;

    public string? Fault => _fault;

    public double Fill
    {
        get
        {
            lock (_gate)
            {
                return Math.Max(_appends / (double)options.JournalQueueAppendsMax, _bytes / (double)options.JournalQueueBytesMax);
            }
        }
    }

    public AppendResult TryAppend(JournalAppend append)
    {
        var bytes = append.Payload.Length;
        lock (_gate)
        {
            if (_closed)
            {
                append.Error = new ObjectDisposedException(nameof(SqliteStorage));
                append.Outcome = JournalOutcome.Failed;
                return AppendResult.Broken;
            }

            if (append.Previous is { Outcome: JournalOutcome.Failed or JournalOutcome.Fenced })
            {
                return AppendResult.Broken;
            }

            // One append larger than the limit still passes through an empty queue.
            if (_appends >= options.JournalQueueAppendsMax || (_appends > 0 && _bytes + bytes > options.JournalQueueBytesMax))
            {
                return AppendResult.Full;
            }

            _open.Add(append);
            _appends++;
            _bytes += bytes;
            if (_open.Count >= options.CommitGroupAppendsMax)
            {
                _full.Enqueue(_open);
                _open = _spare.TryPop(out var spare) ? spare : new CommitGroup(options.CommitGroupAppendsMax);
            }

            Wake();
        }

        return AppendResult.Queued;
    }

    public Task<T> PostAsync<T>(Func<WriterSession, T> work, bool durable, CancellationToken cancellationToken, bool scrubs = false)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var request = new WriteRequest<T>(work, cancellationToken) { Durable = durable, Scrubs = scrubs };
        lock (_gate)
        {
            if (_closed)
            {
                return Task.FromException<T>(new ObjectDisposedException(nameof(SqliteStorage)));
            }

            if (_requests.Count >= options.WriteRequestsMax)
            {
                return Task.FromException<T>(new SqliteStorageException(
                    options.Path, SqliteFault.Busy, 0, $"More than {options.WriteRequestsMax} writes wait for the database '{options.Path}'. Try again later."));
            }

            _requests.Enqueue(request);
            Wake();
        }

        return request.Completion;
    }

    /// <summary>
    /// Waits for work and takes the oldest commit group and the oldest other write. Neither when <paramref name="idleMs"/> have passed first.
    /// False when the queue is closed and empty.
    /// </summary>
    public bool Take(int idleMs, out CommitGroup? group, out WriteRequest? request)
    {
        lock (_gate)
        {
            while (true)
            {
                group = TakeGroup();
                _requests.TryDequeue(out request);
                if (group is not null || request is not null)
                {
                    return true;
                }

                if (_closed)
                {
                    return false;
                }

                _waiting = true;
                var woken = Monitor.Wait(_gate, idleMs);
                _waiting = false;
                if (!woken)
                {
                    return true;
                }
            }
        }
    }

    /// <summary>Decides a group that was committed.</summary>
    public void Succeed(CommitGroup group)
    {
        group.Commit();
        Release(group, null);
        group.Complete();
        Recycle(group);
    }

    /// <summary>Decides a group that was not committed, and everything queued with it: what follows a gap must not be written.</summary>
    public void Fail(CommitGroup group, Exception error)
    {
        var failed = new List<CommitGroup> { group };
        lock (_gate)
        {
            _fault = error.Message;
            _appends -= group.Count;
            _bytes -= group.Bytes;
            group.Fail(error);
            while (TakeGroup() is { } next)
            {
                _appends -= next.Count;
                _bytes -= next.Bytes;
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

    /// <summary>Commits succeed again.</summary>
    public void ClearFault() => _fault = null;

    /// <summary>Nothing more is taken; what is queued is still written.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Wake();
        }
    }

    private void Release(CommitGroup group, string? fault)
    {
        lock (_gate)
        {
            _appends -= group.Count;
            _bytes -= group.Bytes;
            _fault = fault;
        }
    }

    private CommitGroup? TakeGroup()
    {
        if (_full.TryDequeue(out var full))
        {
            return full;
        }

        if (_open.Count == 0)
        {
            return null;
        }

        var taken = _open;
        _open = _spare.TryPop(out var spare) ? spare : new CommitGroup(options.CommitGroupAppendsMax);
        return taken;
    }

    private void Recycle(CommitGroup group)
    {
        group.Reset();
        lock (_gate)
        {
            _spare.Push(group);
        }
    }

    private void Wake()
    {
        if (_waiting)
        {
            Monitor.Pulse(_gate);
        }
    }
}
