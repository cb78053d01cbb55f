using System.Numerics;
using System.Runtime.InteropServices;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// Requests that wait for a run, gathered in batches. They are sorted by length, so that a single event is not padded to somebody's long history; a full batch
/// leaves at once, short requests before long ones, any other when its oldest request has waited long enough. What waits ten times as long goes first, whatever it
/// is. Two requests of one customer are never out together: the second waits until the first has ended. What a lane's own thread sends, from the answers that it
/// delivers, gathers apart, and that lane takes it first: its rows are in the cache of the processor that runs them. For any number of threads.
/// </summary>
internal sealed class BatchQueue : IDisposable
{
    private const int PatienceFactor = 10;

    // The number of the lane whose thread this is; 0 for any other thread.
    [ThreadStatic]
    private static int _home;

    private readonly TimeProvider _time;
    private readonly Func<int, int, Batch> _create;
    private readonly int _waitingMax;
    private readonly int _idleMax;
    private readonly long _waitTicks;

    // What gathers, by home and class of lengths; and for each home all of it in the order in which it is looked at: short before long, the own before others'.
    private readonly Length[][] _lengths;
    private readonly Length[][] _inOrder;

    // Requests of a customer that wait or run; beyond the first of them they are parked.
    private readonly Dictionary<ulong, int> _present = [];
    private readonly Dictionary<ulong, Queue<Parked>> _parked = [];
    private readonly List<AutoResetEvent> _sleepers = [];
    private readonly Lock _gate = new();
    private int _waiting;
    private int _ready;
    private bool _closed;

    /// <param name="options">Limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="create">Makes an empty batch of a class of lengths, for a number of requests.</param>
    public BatchQueue(InferenceOptions options, TimeProvider time, Func<int, int, Batch> create)
    {
        (_time, _create, _waitingMax) = (time, create, options.QueueMax);

        // One that gathers, and two for each lane: while it runs one, the answers of the other are taken out.
        _idleMax = 1 + (2 * options.LaneCount);
        _waitTicks = (long)(options.BatchWaitMs / 1_000 * time.TimestampFrequency);
        var homes = Enumerable.Range(0, 1 + options.LaneCount).ToArray();
        var classes = Enumerable.Range(0, LengthClass(EncoderRequest.EventsMax) + 1).ToArray();
        _lengths = [.. homes.Select(_ => classes.Select(i => new Length(i, Math.Clamp(options.BatchEventsMax >> i, 1, options.BatchMax))).ToArray())];
        _inOrder = [.. homes.Select(home => classes.SelectMany(i => homes.OrderBy(other => other != home).Select(other => _lengths[other][i])).ToArray())];
    }

    /// <summary>Requests that wait, parked ones included.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Takes a request and writes it in a batch, on this thread, where it was just filled.</summary>
    public Admission TryEnqueue(EncoderRequest request)
    {
        Batch batch;
        int place;
        lock (_gate)
        {
            if (_closed)
            {
                return Admission.Closed;
            }

            if (_waiting >= _waitingMax)
            {
                return Admission.Full;
            }

            _waiting++;
            if (request.Customer != 0)
            {
                ref var present = ref CollectionsMarshal.GetValueRefOrAddDefault(_present, request.Customer, out _);
                if (++present > 1)
                {
                    Park(request);
                    return Admission.Taken;
                }
            }

            (batch, place) = Reserve(request, null);
        }

        batch.Write(place);
        return Admission.Taken;
    }

    /// <summary>Makes the calling thread that of a lane, by its number from 1 on.</summary>
    public static void EnterLane(int number) => _home = number;

    /// <summary>Waits for a batch that is due: for company as long as the options allow, and for requests as long as it takes.</summary>
    /// <param name="bell">The caller's own, by which it is woken.</param>
    /// <returns>Null when the queue is closed and nothing is left.</returns>
    public Batch? Take(AutoResetEvent bell)
    {
        while (true)
        {
            long waitTicks;
            lock (_gate)
            {
                _sleepers.Remove(bell);
                if (TakeLocked(out waitTicks) is { } batch)
                {
                    return batch;
                }

                if (_closed && _waiting == 0)
                {
                    WakeAll();
                    return null;
                }

                _sleepers.Add(bell);
            }

            // Woken for nothing, it looks again and sleeps on.
            bell.WaitOne(waitTicks == long.MaxValue ? Timeout.Infinite : (int)Math.Max(1, Math.Ceiling(waitTicks * 1_000.0 / _time.TimestampFrequency)));
        }
    }

    /// <summary>A batch that is due now; null when none is.</summary>
    /// <param name="waitTicks">When none is: timestamp units until one will be, at most; <see cref="long.MaxValue"/> when nothing waits.</param>
    public Batch? TryTake(out long waitTicks)
    {
        lock (_gate)
        {
            return TakeLocked(out waitTicks);
        }
    }

    /// <summary>Takes back a batch whose answers were all taken out.</summary>
    public void Return(Batch batch)
    {
        batch.Clear();
        lock (_gate)
        {
            var idle = Here()[batch.LengthClass].Idle;
            if (!_closed && idle.Count < _idleMax)
            {
                idle.Push(batch);
                return;
            }
        }

        batch.Dispose();
    }

    /// <summary>
    /// Says that requests have ended, before their callers are told: a caller's next request then finds its customer free. Where the customer's next request
    /// waits already, it is let go only by <see cref="ReleaseFollowers"/>, after the callers were told.
    /// </summary>
    /// <returns>Customers whose next request waits; null for none.</returns>
    public List<ulong>? Release(ReadOnlySpan<EncoderRequest> ended)
    {
        List<ulong>? followed = null;
        lock (_gate)
        {
            foreach (var request in ended)
            {
                if (request.Customer != 0 && _present.Remove(request.Customer, out var present) && present > 1)
                {
                    _present.Add(request.Customer, present - 1);
                    (followed ??= []).Add(request.Customer);
                }
            }
        }

        return followed;
    }

    /// <summary>Lets the next request of each of these customers run.</summary>
    public void ReleaseFollowers(List<ulong> customers)
    {
        foreach (var customer in customers)
        {
            Batch batch;
            int place;
            lock (_gate)
            {
                var queue = _parked[customer];
                var parked = queue.Dequeue();
                if (queue.Count == 0)
                {
                    _parked.Remove(customer);
                }

                (batch, place) = Reserve(parked.Request, parked.Stamp);
            }

            batch.Write(place);
        }
    }

    /// <summary>Takes no more requests. What waits is still handed out, without waiting for company.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            WakeAll();
        }
    }

    /// <summary>Frees the memory of idle batches; that of others is freed when they are returned. Comes after <see cref="Close"/>.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var length in _inOrder[0])
            {
                while (length.Idle.TryPop(out var batch))
                {
                    batch.Dispose();
                }
            }
        }
    }

    /// <summary>The class of requests that may share a run: lengths up to 1, 2, 4, 8 and so on.</summary>
    internal static int LengthClass(int events) => events <= 1 ? 0 : BitOperations.Log2((uint)(events - 1)) + 1;

    /// <summary>Most events of a request of a class.</summary>
    internal static int LongestOf(int lengthClass) => 1 << lengthClass;

    private void Park(EncoderRequest request)
    {
        if (!_parked.TryGetValue(request.Customer, out var queue))
        {
            _parked.Add(request.Customer, queue = new Queue<Parked>());
        }

        queue.Enqueue(new Parked(request, _time.GetTimestamp()));
    }

    /// <summary>Gives a request a place in the batch that gathers its length.</summary>
    /// <param name="request">A customer's only one.</param>
    /// <param name="stamp">When it came; null for now.</param>
    private (Batch Batch, int Place) Reserve(EncoderRequest request, long? stamp)
    {
        var lengthClass = LengthClass(request.EventCount);
        var length = Here()[lengthClass];
        var batch = length.Open ??= length.Idle.TryPop(out var idle) ? idle : _create(lengthClass, length.Size);

        // The oldest of a batch counts, and those after the first are younger.
        var place = batch.Reserve(request, stamp ?? (batch.Count == 0 ? _time.GetTimestamp() : batch.OldestStamp));
        _ready++;
        var isFull = batch.IsFull;
        if (isFull)
        {
            length.Full.Enqueue(batch);
            length.Open = null;
        }

        // Somebody must mind the clock of a first request, and somebody must take a full batch; in between nobody needs to wake.
        if (_ready == 1 || isFull || _closed)
        {
            WakeOne();
        }

        return (batch, place);
    }

    /// <summary>What gathers for the calling thread. Lanes of another pool may be more: their numbers beyond ours are any thread's.</summary>
    private Length[] Here() => _lengths[_home < _lengths.Length ? _home : 0];

    private Batch? TakeLocked(out long waitTicks)
    {
        Length? full = null, oldest = null;
        foreach (var length in _inOrder[_home < _inOrder.Length ? _home : 0])
        {
            if (length.First is { } first)
            {
                full ??= length.Full.Count > 0 ? length : null;
                oldest = oldest is null || first.OldestStamp < oldest.First!.OldestStamp ? length : oldest;
            }
        }

        waitTicks = long.MaxValue;
        if (oldest is null)
        {
            return null;
        }

        var waited = _time.GetTimestamp() - oldest.First!.OldestStamp;
        waitTicks = _waitTicks - waited;
        if (full is null && waitTicks > 0 && !_closed)
        {
            return null;
        }

        // The own before others' only as long as those have not waited their time.
        var patience = oldest.Class == full?.Class ? _waitTicks : PatienceFactor * _waitTicks;
        var batch = (full is null || waited > patience ? oldest : full).Take();
        _waiting -= batch.Count;
        _ready -= batch.Count;
        if (_ready > 0)
        {
            WakeOne();
        }

        return batch;
    }

    private void WakeOne()
    {
        if (_sleepers.Count > 0)
        {
            _sleepers[^1].Set();
            _sleepers.RemoveAt(_sleepers.Count - 1);
        }
    }

    private void WakeAll()
    {
        while (_sleepers.Count > 0)
        {
            WakeOne();
        }
    }

    private readonly record struct Parked(EncoderRequest Request, long Stamp);

    /// <summary>The batches of one class of lengths that gather at one home.</summary>
    private sealed class Length(int lengthClass, int size)
    {
        public int Class => lengthClass;

        public int Size => size;

        public Batch? Open { get; set; }

        public Queue<Batch> Full { get; } = new();

        public Stack<Batch> Idle { get; } = new();

        /// <summary>The one to leave next; null when nothing waits.</summary>
        public Batch? First => Full.TryPeek(out var full) ? full : Open;

        public Batch Take()
        {
            if (Full.TryDequeue(out var batch))
            {
                return batch;
            }

            batch = Open!;
            Open = null;
            return batch;
        }
    }
}
