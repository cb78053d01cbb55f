using CustomerSegmentation.Contracts.Rejections;

namespace CustomerSegmentation.Storage.Rejections;

/// <summary>Rejections on their way into a database: numbered, bounded, written behind by one write at a time, and drained when the storage closes.</summary>
/// <param name="queueMax">How many may wait.</param>
/// <param name="last">The last number that was given out.</param>
/// <param name="write">Writes what <see cref="Waiting"/> holds when the write runs, and says the last number of it.</param>
internal sealed class RejectionQueue(int queueMax, long last, Func<Task<long>> write)
{
    private readonly Lock _gate = new();

    /// <summary>Not yet known to be written, oldest first.</summary>
    private readonly List<RejectionView> _waiting = [];
    private long _last = last;
    private long _dropped;
    private bool _flushing;
    private bool _closed;
    private Task _flush = Task.CompletedTask;

    /// <summary>How many were not kept.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public void Append(IReadOnlyList<RejectionView> rejections)
    {
        lock (_gate)
        {
            foreach (var rejection in rejections)
            {
                if (_closed || _waiting.Count >= queueMax)
                {
                    Interlocked.Increment(ref _dropped);
                    continue;
                }

                _waiting.Add(rejection.WithId(++_last));
            }

            Flush();
        }
    }

    /// <summary>What is not yet known to be written, oldest first.</summary>
    public RejectionView[] Waiting()
    {
        lock (_gate)
        {
            return [.. _waiting];
        }
    }

    /// <summary>Forgets what waits of a customer; the numbers of it.</summary>
    public IReadOnlyList<long> Erase(string customerId)
    {
        lock (_gate)
        {
            long[] erased = [.. _waiting.Where(r => r.CustomerId == customerId).Select(r => r.Id)];
            _waiting.RemoveAll(r => r.CustomerId == customerId);
            return erased;
        }
    }

    /// <summary>Takes nothing more, and returns when all that waits is written, or cannot be.</summary>
    public async Task CloseAsync()
    {
        Task flush;
        lock (_gate)
        {
            _closed = true;
            Flush();
            flush = _flush;
        }

        await flush;
        lock (_gate)
        {
            Interlocked.Add(ref _dropped, _waiting.Count);
            _waiting.Clear();
        }
    }

    private void Flush()
    {
        if (!_flushing && _waiting.Count > 0)
        {
            _flushing = true;
            _flush = FlushAsync();
        }
    }

    /// <summary>Writes until nothing waits. After an error the rest waits for the next append, or for the end.</summary>
    private async Task FlushAsync()
    {
        try
        {
            while (true)
            {
                var written = await write();
                lock (_gate)
                {
                    _waiting.RemoveAll(r => r.Id <= written);
                    if (_waiting.Count == 0)
                    {
                        _flushing = false;
                        return;
                    }
                }
            }
        }
        catch (Exception)
        {
            // The writer has said what is wrong; the same fault keeps the journal from committing, and there everybody sees it.
            lock (_gate)
            {
                _flushing = false;
            }
        }
    }
}
