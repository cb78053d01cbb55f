using CustomerSegmentation.Storage.Writing;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>
/// The one thread that writes. Receipts come first: between two commit groups other writes take one turn, or as many as fit into the time that the group took.
/// An error fails what it concerns and never the thread; writing resumes with the next group.
/// </summary>
internal sealed class WriterThread
{
    /// <summary>How long nothing must have been written before erased content is scrubbed, which holds up receipts for as long as it takes.</summary>
    private const int ScrubIdleMs = 1_000;

    /// <summary>
    /// How long after a failed commit the disk is tried again. While there is a fault nobody hands in events, so no commit group would ever find out.
    /// </summary>
    private const int ProbeMs = 250;

    /// <summary>A larger database is not scrubbed on the way out, but when the next process is idle.</summary>
    private const long ScrubAtStopBytesMax = 512L << 20;

    private readonly WriteQueue _queue;
    private readonly SqliteStorageOptions _options;
    private readonly SharedState _shared;
    private readonly TimeProvider _timeProvider;
    private readonly ILogger _logger;
    private readonly LogCopier _copier;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WriterSession? _session;
    private bool _scrub;
    private long _failedAt;

    public WriterThread(
        WriteQueue queue, WriterSession session, SqliteStorageOptions options, SharedState shared, TimeProvider timeProvider, ILogger logger)
    {
        _queue = queue;
        _session = session;
        _options = options;
        _shared = shared;
        _timeProvider = timeProvider;
        _logger = logger;
        _scrub = session.IsScrubDue;
        _copier = new LogCopier(options, logger);
    }

    /// <summary>Completes when the queue was closed and all of it is written.</summary>
    public Task Stopped => _stopped.Task;

    public void Start() => new Thread(Run) { IsBackground = true, Name = "storage-writer" }.Start();

    private void Run()
    {
        while (_queue.Take(IdleMs, out var group, out var request))
        {
            var start = _timeProvider.GetTimestamp();
            if (group is not null)
            {
                Commit(group);
            }

            var committed = _timeProvider.GetTimestamp();
            for (var next = request; next is not null; next = HasTimeLeft(start, committed) ? _queue.TakeRequest() : null)
            {
                Execute(next);
            }

            TendLog();
            if (_queue.Fault is not null)
            {
                Probe();
            }
            else if (group is null && request is null)
            {
                Scrub();
            }
        }

        Stop();
        _stopped.SetResult();
    }

    private bool HasTimeLeft(long start, long committed) => _timeProvider.GetElapsedTime(committed) < _timeProvider.GetElapsedTime(start, committed);

    private int IdleMs => _queue.Fault is not null ? ProbeMs : _scrub ? ScrubIdleMs : Timeout.Infinite;

    private void Commit(CommitGroup group)
    {
        try
        {
            Session().Journal.Write(group);
        }
        catch (Exception e)
        {
            Recover(e);
            if (_queue.Fault != e.Message)
            {
                StorageLog.CommitFailed(_logger, e, group.Count);
            }

            _failedAt = _timeProvider.GetTimestamp();
            _queue.Fail(group, e);
            return;
        }

        if (_queue.Fault is not null)
        {
            StorageLog.CommitRecovered(_logger);
        }

        _queue.Succeed(group);
    }

    /// <summary>After a while, tries whether a commit reaches the disk again.</summary>
    private void Probe()
    {
        if (_timeProvider.GetElapsedTime(_failedAt).TotalMilliseconds < ProbeMs)
        {
            return;
        }

        try
        {
            Session().Probe();
        }
        catch (Exception e)
        {
            Recover(e);
            _failedAt = _timeProvider.GetTimestamp();
            return;
        }

        StorageLog.CommitRecovered(_logger);
        _queue.SetFault(null);
    }

    private void Execute(WriteRequest request)
    {
        if (request.TryCancel())
        {
            return;
        }

        try
        {
            var session = Session();
            session.Begin(request.Durable);
            request.Run(session);
            session.Commit();
        }
        catch (Exception e)
        {
            Recover(e);
            StorageLog.WriteFailed(_logger, e);
            request.Fail(e);
            return;
        }

        _scrub |= request.Scrubs;
        request.Succeed();
    }

    private void TendLog()
    {
        try
        {
            if (_session is not null)
            {
                _copier.Tend(_session.Database);
            }
        }
        catch (SqliteStorageException e)
        {
            StorageLog.LogNotCopied(_logger, e);
            Recover(e);
        }
    }

    /// <summary>The session; a new one when the last one broke.</summary>
    private WriterSession Session() => _session ??= WriterSession.Open(_options, _shared, _timeProvider, first: false);

    private void Recover(Exception error)
    {
        _session?.Rollback();
        var keepsConnection = error is SqliteStorageException { Fault: SqliteFault.Full or SqliteFault.Busy };
        if (!keepsConnection && _session is not null)
        {
            _session.Dispose();
            _session = null;
        }
    }

    private void Scrub()
    {
        try
        {
            if (_options.ScrubBytesMax > 0 && Session().Bytes > _options.ScrubBytesMax)
            {
                // It stays due in the database.
                _scrub = false;
                StorageLog.ScrubPutOff(_logger, Session().Bytes, _options.ScrubBytesMax);
                return;
            }

            var start = _timeProvider.GetTimestamp();
            _scrub = !_copier.Alone(Session().Scrub);
            StorageLog.Scrubbed(_logger, _timeProvider.GetElapsedTime(start).TotalMilliseconds, !_scrub);
        }
        catch (Exception e)
        {
            // It stays due in the database: the next erasure or start tries again.
            _scrub = false;
            Recover(e);
            StorageLog.WriteFailed(_logger, e);
        }
    }

    private void Stop()
    {
        _copier.Dispose();
        try
        {
            if (_scrub && Session().Bytes <= ScrubAtStopBytesMax)
            {
                Scrub();
            }

            var session = Session();
            session.MarkCleanStop();
            session.TruncateLog();
        }
        catch (Exception e)
        {
            StorageLog.StopFailed(_logger, e);
        }

        _session?.Dispose();
        _session = null;
    }
}
