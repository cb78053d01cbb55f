using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>
/// The way to one inference silo: requests gather for a moment and go in batches, a bounded number of calls at once. A silo that does not answer rests, longer each
/// time, so that others are asked and it is tried with little. For any number of threads.
/// </summary>
/// <param name="name">The silo, for people.</param>
/// <param name="ask">Calls it.</param>
/// <param name="options">Limits and waits.</param>
/// <param name="timeProvider">Their clock.</param>
/// <param name="metrics">Told how calls and requests end.</param>
/// <param name="onUnanswered">Takes requests back that the silo did not answer, with the reason.</param>
/// <param name="onEnded">Told how many requests have left the lane.</param>
internal sealed class InferenceLane(
    string name, Func<EncoderBatch, Task<EncodedBatch>> ask, InferenceCallOptions options, TimeProvider timeProvider, RemoteInferenceMetrics metrics,
    Action<IReadOnlyList<WaitingRequest>, string> onUnanswered, Action<int> onEnded)
{
    private const int RestMsMin = 250;
    private const int RestMsMax = 5_000;

    /// <summary>Answers told by one task: their callers go on one after the other, and many tasks at once.</summary>
    private const int AnswersPerTask = 32;

    private readonly Lock _gate = new();
    private readonly Queue<WaitingRequest> _waiting = new();
    private ITimer? _timer;
    private bool _timerIsSet;
    private int _calls;
    private int _restMs;
    private long _restsSince;

    /// <summary>Whether the silo is not to be asked at the moment: it did not answer, and has not had time to come back.</summary>
    public bool IsResting
    {
        get
        {
            lock (_gate)
            {
                return _restMs > 0 && timeProvider.GetElapsedTime(_restsSince).TotalMilliseconds < _restMs;
            }
        }
    }

    /// <summary>Requests that are not sent yet.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    /// <summary>Calls under way.</summary>
    public int Calls
    {
        get
        {
            lock (_gate)
            {
                return _calls;
            }
        }
    }

    public void Add(WaitingRequest request)
    {
        lock (_gate)
        {
            _waiting.Enqueue(request);
        }
        Send(isDue: options.WaitMs <= 0);
    }

    /// <summary>Sends what is ripe: a full batch, or what has waited long enough.</summary>
    private void Send(bool isDue)
    {
        while (Take(isDue) is { Count: > 0 } batch)
        {
            _ = CallAsync(batch);
        }
    }

    private List<WaitingRequest>? Take(bool isDue)
    {
        lock (_gate)
        {
            if (_waiting.Count == 0 || _calls >= options.CallsMax)
            {
                // The end of a call looks again.
                return null;
            }
            var waited = timeProvider.GetElapsedTime(_waiting.Peek().Since).TotalMilliseconds;
            if (!isDue && _waiting.Count < options.BatchMax && waited < options.WaitMs)
            {
                SetTimer(options.WaitMs - waited);
                return null;
            }
            var batch = new List<WaitingRequest>(Math.Min(_waiting.Count, options.BatchMax));
            while (batch.Count < options.BatchMax && _waiting.TryPeek(out var next)
                && (batch.Count == 0 || ReferenceEquals(next.Request.Model, batch[0].Request.Model)))
            {
                batch.Add(_waiting.Dequeue());
            }
            _calls++;
            return batch;
        }
    }

    private void SetTimer(double afterMs)
    {
        if (_timerIsSet)
        {
            return;
        }
        _timerIsSet = true;
        var due = TimeSpan.FromMilliseconds(Math.Max(1, afterMs));
        if (_timer is null)
        {
            // What happens to be going on when it is made has nothing to do with what it sends later.
            using var flow = ExecutionContext.SuppressFlow();
            _timer = timeProvider.CreateTimer(static lane => ((InferenceLane)lane!).OnTimer(), this, due, Timeout.InfiniteTimeSpan);
        }
        else
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private void OnTimer()
    {
        lock (_gate)
        {
            _timerIsSet = false;
        }
        Send(isDue: false);
    }

    /// <summary>One call and its answer. Never throws.</summary>
    private async Task CallAsync(List<WaitingRequest> batch)
    {
        var cancelled = batch.RemoveAll(w =>
        {
            var gone = w.Request.CancellationToken.IsCancellationRequested;
            if (gone)
            {
                w.Request.Cancel();
            }
            return gone;
        });
        onEnded(cancelled);
        if (cancelled > 0)
        {
            metrics.Cancelled(cancelled);
        }
        if (batch.Count > 0)
        {
            await AskAsync(batch);
        }
        lock (_gate)
        {
            _calls--;
        }
        Send(isDue: false);
    }

    private async Task AskAsync(List<WaitingRequest> batch)
    {
        string reason;
        var outcome = InferenceCallOutcome.Unanswered;
        var begun = timeProvider.GetTimestamp();
        try
        {
            var model = batch[0].Request.Model;
            var requests = batch.ConvertAll(w => w.Request);
            var answer = await ask(EncoderBatch.Pack(model, requests));
            if (answer.Refusal is null)
            {
                answer.Unpack(model, requests);
                metrics.Called(batch.Count, SecondsSince(begun), InferenceCallOutcome.Answered);
                metrics.Ended(answer.Outcomes);
                Rest(false);
                onEnded(batch.Count);
                Tell(requests, answer);
                return;
            }
            outcome = InferenceCallOutcome.Refused;
            reason = $"inference silo {name} {answer.Refusal}";
        }
        catch (Exception e)
        {
            reason = $"inference silo {name} does not answer: {e.Message}";
        }
        metrics.Called(batch.Count, SecondsSince(begun), outcome);
        Rest(true);
        onEnded(batch.Count);
        onUnanswered(batch, reason);
    }

    private double SecondsSince(long begun) => timeProvider.GetElapsedTime(begun).TotalSeconds;

    private static void Tell(List<EncoderRequest> requests, EncodedBatch answer)
    {
        for (var first = 0; first < requests.Count; first += AnswersPerTask)
        {
            var from = first;
            _ = Task.Factory.StartNew(
                () =>
                {
                    for (var i = from; i < Math.Min(from + AnswersPerTask, requests.Count); i++)
                    {
                        requests[i].Complete(answer.OutcomeOf(i), answer.Reasons.GetValueOrDefault(i));
                    }
                },
                CancellationToken.None, TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
        }
    }

    private void Rest(bool begins)
    {
        lock (_gate)
        {
            if (!begins)
            {
                _restMs = 0;
            }
            else if (_restMs == 0 || timeProvider.GetElapsedTime(_restsSince).TotalMilliseconds >= _restMs)
            {
                // Calls that were under way together count once.
                _restMs = Math.Clamp(_restMs * 2, RestMsMin, RestMsMax);
                _restsSince = timeProvider.GetTimestamp();
            }
        }
    }
}
