using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Storage.TestKit;

/// <summary>
/// Hands a twin of each append to the journal behind it and copies the twin's outcome, so that it can tell the writer something else than what happened.
/// </summary>
internal sealed class FaultInjectingJournal(IJournal inner) : IJournal
{
    private readonly Lock _gate = new();
    private readonly Queue<(JournalAppend Append, TaskCompletionSource Completion)> _held = new();
    private readonly ConditionalWeakTable<JournalAppend, JournalAppend> _twins = [];
    private Exception? _fail;
    private Exception? _lose;
    private string? _fault;
    private bool _hold;

    public double Fill => inner.Fill;

    public string? Fault => _fault ?? inner.Fault;

    public int Held
    {
        get
        {
            lock (_gate)
            {
                return _held.Count;
            }
        }
    }

    public bool Hold
    {
        get => _hold;
        set
        {
            _hold = value;
            while (!_hold && TryTakeHeld(out var append, out var completion))
            {
                Forward(append, completion);
            }
        }
    }

    public void FailNext(Exception error) => _fail = error;

    public void LoseNext(Exception error) => _lose = error;

    public AppendResult TryAppend(JournalAppend append)
    {
        if (append.Previous is { Outcome: JournalOutcome.Failed or JournalOutcome.Fenced })
        {
            return AppendResult.Broken;
        }

        var completion = new TaskCompletionSource();
        append.Completion = completion.Task;
        if (_hold)
        {
            lock (_gate)
            {
                _held.Enqueue((append, completion));
            }

            return AppendResult.Queued;
        }

        return Forward(append, completion);
    }

    public IAsyncEnumerable<JournalRecord> ReadAsync(string customerId, long afterSequence, CancellationToken cancellationToken = default) =>
        inner.ReadAsync(customerId, afterSequence, cancellationToken);

    public IAsyncEnumerable<JournalRecord> ReadBackwardsAsync(string customerId, long beforeSequence, CancellationToken cancellationToken = default) =>
        inner.ReadBackwardsAsync(customerId, beforeSequence, cancellationToken);

    public Task<JournalTrimmed> TrimAsync(JournalTrim step, CancellationToken cancellationToken = default) => inner.TrimAsync(step, cancellationToken);

    public IAsyncEnumerable<JournalRecord> ScanAsync(JournalRange range, CancellationToken cancellationToken = default) => inner.ScanAsync(range, cancellationToken);

    private bool TryTakeHeld(out JournalAppend append, out TaskCompletionSource completion)
    {
        lock (_gate)
        {
            var any = _held.TryDequeue(out var held);
            (append, completion) = held;
            return any;
        }
    }

    private AppendResult Forward(JournalAppend append, TaskCompletionSource completion)
    {
        if (Interlocked.Exchange(ref _fail, null) is { } failure)
        {
            FailEverything(append, completion, failure);
            return AppendResult.Queued;
        }

        var lost = Interlocked.Exchange(ref _lose, null);
        var twin = new JournalAppend(
            append.CustomerId, append.CustomerKey, append.FirstSequence, append.Count, append.Payload, append.MinTimeMs, append.MaxTimeMs)
        {
            Previous = append.Previous is { } previous && _twins.TryGetValue(previous, out var previousTwin) ? previousTwin : append.Previous,
        };
        _twins.AddOrUpdate(append, twin);
        var result = inner.TryAppend(twin);
        if (result != AppendResult.Queued)
        {
            // A held append was promised an outcome already.
            append.Error = twin.Error;
            append.Outcome = JournalOutcome.Failed;
            completion.TrySetResult();
            return result;
        }

        twin.Completion.ContinueWith(
            _ => Decide(append, twin, completion, lost),
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
        return result;
    }

    private void FailEverything(JournalAppend append, TaskCompletionSource completion, Exception failure)
    {
        _fault = failure.Message;
        do
        {
            append.Error = failure;
            append.Outcome = JournalOutcome.Failed;
            completion.TrySetResult();
        }
        while (TryTakeHeld(out append, out completion));
    }

    private void Decide(JournalAppend append, JournalAppend twin, TaskCompletionSource completion, Exception? lost)
    {
        if (lost is null)
        {
            append.CustomerKey = twin.CustomerKey;
            append.Error = twin.Error;
            append.Outcome = twin.Outcome;
            if (twin.Outcome == JournalOutcome.Committed)
            {
                append.Previous = null;
                _fault = null;
            }
        }
        else
        {
            append.Error = lost;
            append.Outcome = JournalOutcome.Failed;
            _fault = lost.Message;
        }

        completion.TrySetResult();
    }
}
