using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Writing;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>What waits for the writer thread, which sleeps on the queue's own lock: a wake-up costs no task.</summary>
internal sealed class WriteQueue(SqliteStorageOptions options) : GroupCommitQueue<WriteRequest>(
    new WriteQueueLimits(options.JournalQueueAppendsMax, options.JournalQueueBytesMax, options.CommitGroupAppendsMax, options.WriteRequestsMax),
    nameof(SqliteStorage))
{
    private bool _waiting;

    public Task<T> PostAsync<T>(Func<WriterSession, T> work, bool durable, CancellationToken cancellationToken, bool scrubs = false)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var request = new WriteRequest<T>(work, cancellationToken) { Durable = durable, Scrubs = scrubs };
        return TryPost(request) switch
        {
            AppendResult.Queued => request.Completion,
            AppendResult.Full => Task.FromException<T>(new SqliteStorageException(
                options.Path, SqliteFault.Busy, 0, $"More than {options.WriteRequestsMax} writes wait for the database '{options.Path}'. Try again later.")),
            _ => Task.FromException<T>(Closed()),
        };
    }

    /// <summary>
    /// Waits for work and takes the oldest commit group and the oldest other write. Neither when <paramref name="idleMs"/> have passed first.
    /// False when the queue is closed and empty.
    /// </summary>
    public bool Take(int idleMs, out CommitGroup? group, out WriteRequest? request)
    {
        lock (Gate)
        {
            while (!TryTake(out group, out request))
            {
                if (IsClosed)
                {
                    return false;
                }

                _waiting = true;
                var woken = Monitor.Wait(Gate, idleMs);
                _waiting = false;
                if (!woken)
                {
                    return true;
                }
            }

            return true;
        }
    }

    /// <summary>Takes the oldest write that is no append, if there is one.</summary>
    public WriteRequest? TakeRequest()
    {
        lock (Gate)
        {
            return TryTakeRequest();
        }
    }

    protected override void Wake()
    {
        if (_waiting)
        {
            Monitor.Pulse(Gate);
        }
    }
}
