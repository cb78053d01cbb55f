namespace CustomerSegmentation.Client;

/// <summary>What waits for a customer's call to end. The lane ends when nothing does.</summary>
internal sealed class CustomerLane
{
    private readonly Lock _gate = new();
    private LinkedList<WaitingCall>? _waiting;
    private volatile bool _ended;

    public bool HasEnded => _ended;

    /// <summary>False when the lane has ended.</summary>
    public bool TryQueue(WaitingCall call)
    {
        lock (_gate)
        {
            if (!_ended)
            {
                (_waiting ??= []).AddLast(call);
            }
            return !_ended;
        }
    }

    /// <summary>What waits, in order, up to the bounds but one call at least; null when nothing does: then the lane has ended.</summary>
    public GatheredCalls? TakeOrEnd(int eventsMax, long bytesMax)
    {
        lock (_gate)
        {
            if (_waiting is not { First: not null })
            {
                _ended = true;
                return null;
            }
            var taken = new List<WaitingCall>(_waiting.Count);
            var (events, bytes) = (0, 0L);
            while (_waiting.First is { Value: var call }
                && (taken.Count == 0 || (events + call.Size.Events <= eventsMax && bytes + call.Size.Bytes <= bytesMax)))
            {
                _waiting.RemoveFirst();
                taken.Add(call);
                (events, bytes) = (events + call.Size.Events, bytes + call.Size.Bytes);
            }
            var batch = new GatheredCalls(taken);
            taken.ForEach(c => c.Batch = batch);
            return batch;
        }
    }

    /// <summary>The caller has gone: out of the queue, or out of the call that is under way.</summary>
    public void Leave(WaitingCall call)
    {
        GatheredCalls? batch;
        lock (_gate)
        {
            batch = call.Batch;
            if (batch is null)
            {
                _waiting?.Remove(call);
            }
        }
        batch?.Leave();
    }
}
