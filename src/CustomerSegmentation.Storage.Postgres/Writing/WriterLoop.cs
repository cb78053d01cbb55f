using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Writing;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>
/// One of the two who write in this process: one the journal, so that receipts wait for nothing else, the other everything that is written behind it.
/// An error fails what it concerns and never the loop. A lost connection is opened again; how its transaction ended is asked, never guessed.
/// </summary>
internal sealed class WriterLoop(
    WriteQueue queue, PostgresServer server, WriterSession first, bool takesSchema, TimeProvider timeProvider, ILogger logger)
{
    private readonly long _writer = first.Writer;
    private readonly JournalCommitter _committer = new();
    private WriterSession? _session = first;
    private long _number;
    private Task _stopped = Task.CompletedTask;

    /// <summary>Completes when the queue was closed and all of it is written.</summary>
    public Task Stopped => _stopped;

    public void Start() => _stopped = Task.Run(RunAsync);

    private async Task RunAsync()
    {
        while (true)
        {
            var (group, request) = await TakeAsync();
            if (group is null && request is null)
            {
                break;
            }

            if (group is not null)
            {
                await CommitAsync(group);
            }

            if (request is not null)
            {
                await ExecuteAsync(request);
            }
        }

        await StopAsync();
    }

    /// <summary>
    /// Waits for work. While there is no connection, or commits fail, it tries meanwhile whether they succeed again: nobody hands in events until then.
    /// </summary>
    private async Task<(CommitGroup? Group, WriteRequest? Request)> TakeAsync()
    {
        var taking = queue.TakeAsync();
        while ((_session is null || queue.Fault is not null) && !taking.IsCompleted)
        {
            await Task.WhenAny(taking, Task.Delay(TimeSpan.FromMilliseconds(server.Options.ReconnectDelayMsMax), timeProvider));
            if (!taking.IsCompleted)
            {
                await ProbeAsync();
            }
        }

        return await taking;
    }

    private async Task ProbeAsync()
    {
        try
        {
            _session ??= await WriterSession.OpenAsync(server, _writer, takesSchema);
            await TransactAsync(_ => Task.CompletedTask, timeProvider.GetTimestamp());
            Recovered();
        }
        catch (Exception e)
        {
            queue.SetFault((e is TransactionLostException { InnerException: { } inner } ? inner : e).Message);
        }
    }

    private async Task CommitAsync(CommitGroup group)
    {
        var error = await TryRepeatedlyAsync(session => _committer.WriteAsync(session, group, expectsFence: false));
        if (error is PostgresStorageException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.NotNullViolation })
        {
            // Somebody else numbered events of one of these customers alike, or they were removed for their age, or the customer was: which is rare.
            error = await TryRepeatedlyAsync(session => _committer.WriteAsync(session, group, expectsFence: true));
        }

        if (error is not null)
        {
            if (queue.Fault != error.Message)
            {
                StorageLog.CommitFailed(logger, error, group.Count);
            }

            queue.Fail(group, error);
            return;
        }

        Recovered();
        queue.Succeed(group);
    }

    private async Task ExecuteAsync(WriteRequest request)
    {
        if (request.TryCancel())
        {
            return;
        }

        if (await TryRepeatedlyAsync(request.RunAsync) is { } error)
        {
            StorageLog.WriteFailed(logger, error);
            request.Fail(error);
            return;
        }

        Recovered();
        request.Succeed();
    }

    /// <summary>Runs one transaction until it was committed or the time for a commit is over; null, or what failed.</summary>
    private async Task<Exception?> TryRepeatedlyAsync(Func<WriterSession, Task> work)
    {
        var start = timeProvider.GetTimestamp();
        while (true)
        {
            try
            {
                await TransactAsync(work, start);
                return null;
            }
            catch (TransactionLostException e) when (Left(start) <= TimeSpan.Zero)
            {
                return e.InnerException ?? e;
            }
            catch (TransactionLostException)
            {
                // Nothing of it is there, so nothing stands against writing it again, whatever it writes.
                await Task.Delay(TimeSpan.FromMilliseconds(server.Options.ReconnectDelayMs), timeProvider);
            }
            catch (Exception e)
            {
                return e;
            }
        }
    }

    private void Recovered()
    {
        if (queue.Fault is not null)
        {
            StorageLog.CommitRecovered(logger);
            queue.SetFault(null);
        }
    }

    /// <summary>
    /// Runs one transaction. Returns when it was committed. <see cref="TransactionLostException"/> when it certainly was not and may be repeated; any other
    /// exception when it was refused, or when its end is unknown.
    /// </summary>
    private async Task TransactAsync(Func<WriterSession, Task> work, long start)
    {
        var session = await ConnectAsync(start);
        var number = ++_number;
        Exception error;
        try
        {
            session.Begin(number);
            await work(session);
            await session.CommitAsync();
            return;
        }
        catch (PostgresException e) when (session.IsOpen)
        {
            // The server answered and lives: the transaction is undone.
            await RollbackAsync(session);
            throw e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure
                ? new TransactionLostException(server.Error(e))
                : server.Error(e);
        }
        catch (Exception e)
        {
            error = e;
        }

        var repeatable = PostgresServer.IsOfTheServer(error) || !session.IsOpen;
        StorageLog.ConnectionLost(logger, error);
        queue.SetFault(server.Error(error).Message);
        await DropAsync();
        var committed = await AskAsync(number, start);
        StorageLog.OutcomeFound(logger, committed);
        Recovered();
        if (committed == true)
        {
            return;
        }

        if (committed is null)
        {
            throw new PostgresStorageException(PostgresFault.Other, "It cannot be told whether the last transaction was committed.", null, error);
        }

        throw repeatable ? new TransactionLostException(server.Error(error)) : error;
    }

    /// <summary>Asks the server, on a new connection, whether a transaction was committed; as often as it takes while there is time.</summary>
    private async Task<bool?> AskAsync(long number, long start)
    {
        while (true)
        {
            var session = await ConnectAsync(start);
            try
            {
                return await session.HasCommittedAsync(number);
            }
            catch (Exception e) when (Left(start) > TimeSpan.Zero)
            {
                StorageLog.ConnectionLost(logger, e);
                await DropAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(server.Options.ReconnectDelayMs), timeProvider);
            }
        }
    }

    /// <summary>The session; when the last one broke, a new one, with growing pauses between the attempts, until the time for a commit is over.</summary>
    private async Task<WriterSession> ConnectAsync(long start)
    {
        var pause = TimeSpan.FromMilliseconds(server.Options.ReconnectDelayMs);
        var pauseMax = TimeSpan.FromMilliseconds(server.Options.ReconnectDelayMsMax);
        while (true)
        {
            try
            {
                return _session ??= await WriterSession.OpenAsync(server, _writer, takesSchema);
            }
            catch (PostgresStorageException e)
            {
                queue.SetFault(e.Message);
                var left = Left(start);
                if (left <= TimeSpan.Zero)
                {
                    throw;
                }

                await Task.Delay(left < pause ? left : pause, timeProvider);
                pause = pause * 2 < pauseMax ? pause * 2 : pauseMax;
            }
        }
    }

    private TimeSpan Left(long start) => TimeSpan.FromMilliseconds(server.Options.CommitTimeoutMs) - timeProvider.GetElapsedTime(start);

    private async Task RollbackAsync(WriterSession session)
    {
        try
        {
            await session.RollbackAsync();
        }
        catch (Exception)
        {
            // The connection goes, and with it the transaction.
            await DropAsync();
        }
    }

    private async Task DropAsync()
    {
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }
    }

    private async Task StopAsync()
    {
        try
        {
            await (await ConnectAsync(timeProvider.GetTimestamp())).LeaveAsync();
        }
        catch (Exception e)
        {
            StorageLog.StopFailed(logger, e);
        }

        await DropAsync();
    }
}
