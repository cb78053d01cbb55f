namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// Takes the answers of a run to whoever waits for them, on threads of the pool, a few dozen at a time: a lane goes on with its next run meanwhile. What is needed
/// for that is kept and used again, so that nothing is allocated for a request.
/// </summary>
internal sealed class Deliveries(SessionPool pool)
{
    /// <summary>Answers that are delivered one after the other: enough to spare the pool, few enough that a slow reader holds up little.</summary>
    private const int GroupSize = 32;

    private readonly Stack<Delivery> _idle = new();
    private readonly Lock _gate = new();

    private SessionPool Pool { get; } = pool;

    /// <summary>Delivers all answers of a batch and returns it to the queue.</summary>
    public void Send(Batch batch)
    {
        Delivery? delivery;
        lock (_gate)
        {
            _idle.TryPop(out delivery);
        }

        (delivery ?? new Delivery(this)).Start(batch);
    }

    private void End(Delivery delivery, Batch batch)
    {
        Pool.Queue.Return(batch);
        lock (_gate)
        {
            _idle.Push(delivery);
        }
    }

    /// <summary>One batch on its way out. Whoever works at it calls for one more to help, as long as there is more than it does itself.</summary>
    private sealed class Delivery(Deliveries owner) : IThreadPoolWorkItem
    {
        private Batch? _batch;
        private int _next;
        private int _workers;

        public void Start(Batch batch)
        {
            (_batch, _next, _workers) = (batch, 0, 0);
            Call();
        }

        public void Execute()
        {
            var batch = _batch!;
            var hasCalled = false;
            while (Volatile.Read(ref _next) < batch.Count && Interlocked.Add(ref _next, GroupSize) - GroupSize is var from && from < batch.Count)
            {
                if (!hasCalled && from + GroupSize < batch.Count)
                {
                    hasCalled = true;
                    Call();
                }

                owner.Pool.Deliver(batch, from, Math.Min(GroupSize, batch.Count - from));
            }

            if (Interlocked.Decrement(ref _workers) == 0)
            {
                owner.End(this, batch);
            }
        }

        private void Call()
        {
            Interlocked.Increment(ref _workers);
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
        }
    }
}
