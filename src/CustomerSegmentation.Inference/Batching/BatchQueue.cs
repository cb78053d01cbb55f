using System.Numerics;
using System.Runtime.InteropServices;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Batching;

/// <summary>
/// Requests that wait for a run. They are sorted by length, so that a single event is not padded to somebody's long history; a full batch leaves at once,
/// any other when its oldest request has waited long enough. Two requests of one customer are never out together: the second waits until the first has ended.
/// For any number of threads.
/// </summary>
internal sealed class BatchQueue
{
    private readonly TimeProvider _time;
    private readonly int _waitingMax;
    private readonly long _waitTicks;
    private readonly Queue<Entry>[] _classes;
    private readonly int[] _fullAt;

    // Requests of a customer that wait or run; beyond the first of them they are parked.
    private readonly Dictionary<ulong, int> _present = [];
    private readonly Dictionary<ulong, Queue<Entry>> _parked = [];
    private readonly object _gate = new();
    private int _waiting;
    private int _ready;
    private int _sleepers;
    private bool _closed;

    public BatchQueue(InferenceOptions options, TimeProvider time)
    {
        _time = time;
        _waitingMax = options.QueueMax;
        _waitTicks = (long)(options.BatchWaitMs / 1_000 * time.TimestampFrequency);
        _classes = new Queue<Entry>[LengthClass(EncoderRequest.EventsMax) + 1];
        _fullAt = new int[_classes.Length];
        for (var i = 0; i < _classes.Length; i++)
        {
            _classes[i] = new Queue<Entry>();
            _fullAt[i] = Math.Clamp(options.BatchEventsMax >> i, 1, options.BatchMax);
        }
    }

    /// <summary>Requests that wait, parked ones included.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    public Admission TryEnqueue(EncoderRequest request)
    {
        var entry = new Entry(request, _time.GetTimestamp());
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
                    Park(entry);
                    return Admission.Taken;
                }
            }

            MakeReady(entry);
            return Admission.Taken;
        }
    }

    /// <summary>Fills the batch, waiting for company as long as the options allow and for requests as long as it takes.</summary>
    /// <returns>False when the queue is closed and nothing is left.</returns>
    public bool Take(Batch batch)
    {
        lock (_gate)
        {
            while (true)
            {
                if (TryTakeLocked(batch, out var waitTicks))
                {
                    return true;
                }

                if (_closed && _waiting == 0)
                {
                    Monitor.PulseAll(_gate);
                    return false;
                }

                _sleepers++;
                var waitMs = waitTicks == long.MaxValue ? Timeout.Infinite : (int)Math.Max(1, Math.Ceiling(waitTicks * 1_000.0 / _time.TimestampFrequency));
                Monitor.Wait(_gate, waitMs);
                _sleepers--;
            }
        }
    }

    /// <summary>Fills the batch if one is due now.</summary>
    /// <param name="batch">Empty.</param>
    /// <param name="waitTicks">Otherwise: timestamp units until one will be due, at most; <see cref="long.MaxValue"/> when nothing waits.</param>
    public bool TryTake(Batch batch, out long waitTicks)
    {
        lock (_gate)
        {
            return TryTakeLocked(batch, out waitTicks);
        }
    }

    /// <summary>
    /// Says that requests have ended, before their callers are told: a caller's next request then finds its customer free. Where the customer's next request
    /// waits already, it is let go only by <see cref="ReleaseFollowers"/>, after the callers were told.
    /// </summary>
    /// <returns>Whether any customer has a request waiting.</returns>
    public bool Release(ReadOnlySpan<EncoderRequest> ended, List<ulong> followed)
    {
        lock (_gate)
        {
            foreach (var request in ended)
            {
                if (request.Customer != 0 && _present.Remove(request.Customer, out var present) && present > 1)
                {
                    _present.Add(request.Customer, present - 1);
                    followed.Add(request.Customer);
                }
            }
        }

        return followed.Count > 0;
    }

    /// <summary>Lets the next request of each of these customers run.</summary>
    public void ReleaseFollowers(List<ulong> customers)
    {
        lock (_gate)
        {
            foreach (var customer in customers)
            {
                var queue = _parked[customer];
                var entry = queue.Dequeue();
                if (queue.Count == 0)
                {
                    _parked.Remove(customer);
                }

                MakeReady(entry);
            }
        }
    }

    /// <summary>Takes no more requests. What waits is still handed out, without waiting for company.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>The class of requests that may share a run: lengths up to 1, 2, 4, 8 and so on.</summary>
    internal static int LengthClass(int events) => events <= 1 ? 0 : BitOperations.Log2((uint)(events - 1)) + 1;

    private void Park(Entry entry)
    {
        if (!_parked.TryGetValue(entry.Request.Customer, out var queue))
        {
            _parked.Add(entry.Request.Customer, queue = new Queue<Entry>());
        }

        queue.Enqueue(entry);
    }

    private void MakeReady(Entry entry)
    {
        var length = LengthClass(entry.Request.EventCount);
        var queue = _classes[length];
        queue.Enqueue(entry);
        _ready++;

        // Somebody must mind the clock of a first request, and somebody must take a full batch; in between nobody needs to wake.
        if (_sleepers > 0 && (_ready == 1 || queue.Count % _fullAt[length] == 0 || _closed))
        {
            Monitor.Pulse(_gate);
        }
    }

    private bool TryTakeLocked(Batch batch, out long waitTicks)
    {
        waitTicks = long.MaxValue;
        var oldest = -1;
        for (var i = 0; i < _classes.Length; i++)
        {
            if (_classes[i].Count >= _fullAt[i])
            {
                Fill(batch, i);
                return true;
            }

            if (_classes[i].TryPeek(out var head) && (oldest < 0 || head.Stamp < _classes[oldest].Peek().Stamp))
            {
                oldest = i;
            }
        }

        if (oldest < 0)
        {
            return false;
        }

        waitTicks = _waitTicks - (_time.GetTimestamp() - _classes[oldest].Peek().Stamp);
        if (waitTicks > 0 && !_closed)
        {
            return false;
        }

        Fill(batch, oldest);
        return true;
    }

    private void Fill(Batch batch, int length)
    {
        var queue = _classes[length];
        for (var left = Math.Min(queue.Count, _fullAt[length]); left > 0; left--)
        {
            var entry = queue.Dequeue();
            batch.Add(entry.Request, entry.Stamp);
        }

        _waiting -= batch.Count;
        _ready -= batch.Count;
        if (_ready > 0 && _sleepers > 0)
        {
            Monitor.Pulse(_gate);
        }
    }

    private readonly record struct Entry(EncoderRequest Request, long Stamp);
}
