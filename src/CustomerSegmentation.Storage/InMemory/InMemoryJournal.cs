using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.InMemory;

internal sealed class InMemoryJournal(InMemoryStorageOptions options, InMemoryData data) : IJournal
{
    private readonly Queue<(JournalAppend Append, TaskCompletionSource Group)> _queue = new();
    private TaskCompletionSource _open = new();
    private long _queuedBytes;
    private bool _closed;

    public Action? AppendQueued { get; set; }

    public string? Fault { get; private set; }

    public int Pending
    {
        get
        {
            lock (data.Gate)
            {
                return _queue.Count;
            }
        }
    }

    public double Fill
    {
        get
        {
            lock (data.Gate)
            {
                return Math.Max(_queue.Count / (double)options.JournalQueueAppendsMax, _queuedBytes / (double)options.JournalQueueBytesMax);
            }
        }
    }

    public AppendResult TryAppend(JournalAppend append)
    {
        lock (data.Gate)
        {
            if (_closed)
            {
                append.Error = new ObjectDisposedException(nameof(InMemoryStorage));
                append.Outcome = JournalOutcome.Failed;
                return AppendResult.Broken;
            }

            if (append.Previous is { Outcome: JournalOutcome.Failed or JournalOutcome.Fenced })
            {
                return AppendResult.Broken;
            }

            if (!options.ManualCommit)
            {
                append.Completion = Task.CompletedTask;
                CommitOne(append);
                Fault = null;
                return AppendResult.Queued;
            }

            var bytes = append.Payload.Length;
            if (_queue.Count >= options.JournalQueueAppendsMax || (_queue.Count > 0 && _queuedBytes + bytes > options.JournalQueueBytesMax))
            {
                return AppendResult.Full;
            }

            append.Completion = _open.Task;
            _queue.Enqueue((append, _open));
            _queuedBytes += bytes;
        }

        AppendQueued?.Invoke();
        return AppendResult.Queued;
    }

    /// <summary>Commits the oldest appends; continuations run on this thread, after the lock is released.</summary>
    public int Commit(int appendsMax)
    {
        var decided = 0;
        var completed = new List<TaskCompletionSource>();
        lock (data.Gate)
        {
            // An append that comes from a continuation belongs to the next group.
            _open = new TaskCompletionSource();
            while (decided < appendsMax && _queue.TryDequeue(out var next))
            {
                _queuedBytes -= next.Append.Payload.Length;
                CommitOne(next.Append);
                decided++;
                if (!_queue.TryPeek(out var following) || following.Group != next.Group)
                {
                    completed.Add(next.Group);
                }
            }

            if (decided > 0)
            {
                Fault = null;
            }
        }

        completed.ForEach(group => group.TrySetResult());
        return decided;
    }

    public int Fail(Exception error)
    {
        var failed = 0;
        var completed = new HashSet<TaskCompletionSource>();
        lock (data.Gate)
        {
            _open = new TaskCompletionSource();
            Fault = error.Message;
            while (_queue.TryDequeue(out var next))
            {
                next.Append.Error = error;
                next.Append.Outcome = JournalOutcome.Failed;
                completed.Add(next.Group);
                failed++;
            }

            _queuedBytes = 0;
        }

        foreach (var group in completed)
        {
            group.TrySetResult();
        }

        return failed;
    }

    /// <summary>False when it was closed before.</summary>
    public bool Close(bool commit)
    {
        lock (data.Gate)
        {
            if (_closed)
            {
                return false;
            }

            _closed = true;
        }

        if (commit)
        {
            Commit(int.MaxValue);
        }
        else
        {
            Fail(new ObjectDisposedException(nameof(InMemoryStorage)));
        }

        return true;
    }

    public async IAsyncEnumerable<JournalRecord> ReadAsync(
        string customerId, long afterSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var record in Records(customerId))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (record.FirstSequence + record.Count - 1 > afterSequence)
            {
                yield return record;
            }
        }

        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<JournalRecord> ReadBackwardsAsync(
        string customerId, long beforeSequence, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        foreach (var record in Records(customerId).Reverse())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (record.FirstSequence < beforeSequence)
            {
                yield return record;
            }
        }

        await Task.CompletedTask;
    }

    public async IAsyncEnumerable<JournalRecord> ScanAsync(
        JournalRange range, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        JournalRecord[] all;
        lock (data.Gate)
        {
            all =
            [
                .. data.ByKey.Values.SelectMany(c => c.Records.Where(
                    r => c.Times[r.FirstSequence] is var (min, max) && max >= range.FromMs && min < range.BeforeMs)),
            ];
        }

        foreach (var record in all)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return record;
        }

        await Task.CompletedTask;
    }

    public Task<JournalTrimmed> TrimAsync(JournalTrim step, CancellationToken cancellationToken = default)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (data.Gate)
        {
            InMemoryCustomer[] looked = [.. data.ByKey.Values.Where(c => c.Key > step.AfterKey && c.State is not null).Take(step.CustomersMax)];
            var (records, events) = (0L, 0L);
            foreach (var customer in looked)
            {
                foreach (var removed in Trim(customer, step))
                {
                    records++;
                    events += removed.Count;
                }
            }

            return Task.FromResult(new JournalTrimmed(looked.Length < step.CustomersMax ? null : looked[^1].Key, records, events));
        }
    }

    private static List<JournalRecord> Trim(InMemoryCustomer customer, JournalTrim step)
    {
        (JournalRecord Record, long MaxTimeMs)[] next =
        [
            .. customer.Records.Where(r => r.FirstSequence > customer.TrimmedSequence).Select(r => (r, customer.Times[r.FirstSequence].Max)),
        ];
        if (step.Examine(next, customer.Sequence, out var removed) is > 0 and var examined)
        {
            var last = next[examined - 1].Record;
            customer.TrimmedSequence = last.FirstSequence + last.Count - 1;
            customer.Records.RemoveAll(removed.Contains);
        }

        return removed;
    }

    private IEnumerable<JournalRecord> Records(string customerId)
    {
        lock (data.Gate)
        {
            return data.ById.TryGetValue(customerId, out var customer) ? [.. customer.Records] : [];
        }
    }

    private void CommitOne(JournalAppend append)
    {
        var orphan = append.Previous is { } previous && previous.Outcome != JournalOutcome.Committed;
        if (orphan || data.Erased.Contains(append.CustomerId))
        {
            append.Outcome = JournalOutcome.Fenced;
            return;
        }

        if (!data.ById.TryGetValue(append.CustomerId, out var customer))
        {
            customer = new InMemoryCustomer(append.CustomerId, ++data.LastKey);
            data.ById.Add(customer.Id, customer);
            data.ByKey.Add(customer.Key, customer);
        }

        if (append.FirstSequence <= customer.TrimmedSequence || !customer.FirstSequences.Add(append.FirstSequence))
        {
            append.Outcome = JournalOutcome.Fenced;
            return;
        }

        customer.Records.Add(new JournalRecord(customer.Id, append.FirstSequence, append.Count, append.Payload));
        customer.Times[append.FirstSequence] = (append.MinTimeMs, append.MaxTimeMs);
        customer.JournalSequence = Math.Max(customer.JournalSequence, append.LastSequence);
        data.LatestEventMs = Math.Max(data.LatestEventMs, append.MaxTimeMs);
        append.CustomerKey = customer.Key;
        append.Previous = null;
        append.Outcome = JournalOutcome.Committed;
    }
}
