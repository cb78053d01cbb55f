using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Writing;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>What waits for the writer loop, which awaits it.</summary>
internal sealed class WriteQueue(PostgresStorageOptions options) : GroupCommitQueue<WriteRequest>(
    new WriteQueueLimits(options.JournalQueueAppendsMax, options.JournalQueueBytesMax, options.CommitGroupAppendsMax, options.WriteRequestsMax),
    nameof(PostgresStorage))
{
    private readonly SemaphoreSlim _work = new(0);
    private bool _waiting;

    public Task<T> PostAsync<T>(Func<WriterSession, Task<T>> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        var request = new WriteRequest<T>(work, cancellationToken);
        return TryPost(request) switch
        {
            AppendResult.Queued => request.Completion,
            AppendResult.Full => Task.FromException<T>(new PostgresStorageException(
                PostgresFault.Busy, $"More than {options.WriteRequestsMax} writes wait for the database. Try again later.")),
            _ => Task.FromException<T>(Closed()),
        };
    }

    /// <summary>Waits for work and takes the oldest commit group and the oldest other write; neither when the queue is closed and empty.</summary>
    public async Task<(CommitGroup? Group, WriteRequest? Request)> TakeAsync()
    {
        while (true)
        {
            lock (Gate)
            {
                if (TryTake(out var group, out var request) || IsClosed)
                {
                    return (group, request);
                }

                _waiting = true;
            }

            await _work.WaitAsync();
        }
    }

    protected override void Wake()
    {
        if (_waiting)
        {
            _waiting = false;
            _work.Release();
        }
    }
}
