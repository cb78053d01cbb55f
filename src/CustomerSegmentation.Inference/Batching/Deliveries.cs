using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// Takes the answers of a run to whoever waits for them, on threads of the pool, a few dozen at a time: a lane goes on with its next run meanwhile. Groups are
/// kept and used again, so that nothing is allocated for a request.
/// </summary>
internal sealed class Deliveries(BatchQueue queue)
{
    /// <summary>Answers that are delivered one after the other: enough to spare the pool, few enough that a slow reader holds up little.</summary>
    private const int GroupSize = 32;

    private readonly Stack<Group> _idle = new();
    private readonly Lock _gate = new();

    /// <summary>Delivers all answers of a batch; the batch may be used again at once.</summary>
    public void Send(Batch batch)
    {
        for (var from = 0; from < batch.Count; from += GroupSize)
        {
            var group = Rent();
            group.Load(batch, from, Math.Min(GroupSize, batch.Count - from));
            ThreadPool.UnsafeQueueUserWorkItem(group, preferLocal: false);
        }
    }

    private Group Rent()
    {
        lock (_gate)
        {
            return _idle.TryPop(out var group) ? group : new Group(this, queue);
        }
    }

    private void Return(Group group)
    {
        lock (_gate)
        {
            _idle.Push(group);
        }
    }

    private sealed class Group(Deliveries owner, BatchQueue queue) : IThreadPoolWorkItem
    {
        private readonly EncoderRequest[] _requests = new EncoderRequest[GroupSize];
        private readonly EncoderOutcome?[] _outcomes = new EncoderOutcome?[GroupSize];
        private readonly string?[] _reasons = new string?[GroupSize];
        private readonly List<ulong> _followed = [];
        private int _count;

        public void Load(Batch batch, int from, int count)
        {
            batch.Requests.Slice(from, count).CopyTo(_requests);
            for (_count = 0; _count < count; _count++)
            {
                (_outcomes[_count], _reasons[_count]) = (batch.Outcome(from + _count), batch.Reason(from + _count));
            }
        }

        public void Execute()
        {
            var isFollowed = queue.Release(_requests.AsSpan(0, _count), _followed);
            for (var i = 0; i < _count; i++)
            {
                var request = _requests[i];
                if (_outcomes[i] is { } outcome)
                {
                    request.Complete(outcome, _reasons[i]);
                }
                else
                {
                    request.Cancel();
                }
            }

            if (isFollowed)
            {
                queue.ReleaseFollowers(_followed);
                _followed.Clear();
            }

            Array.Clear(_requests, 0, _count);
            owner.Return(this);
        }
    }
}
