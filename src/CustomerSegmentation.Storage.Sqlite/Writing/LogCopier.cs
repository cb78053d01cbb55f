using CustomerSegmentation.Storage.Sqlite.Connections;
using Microsoft.Extensions.Logging;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>
/// Copies the write-ahead log into the database beside the writer, by a thread and a connection of its own: receipts would wait while the writer did it.
/// A log that is written all the time is never wholly copied that way. So at its limit, when little is left, the writer copies the rest, and the log
/// starts from its beginning.
/// </summary>
internal sealed class LogCopier : IDisposable
{
    /// <summary>Copies while the log grows to its limit: few enough that most of what is overwritten meanwhile is copied once.</summary>
    private const int PartsPerLog = 8;

    /// <summary>Copies in a row at the limit, each of what was written during the one before.</summary>
    private const int RoundsAtLimit = 4;

    /// <summary>Pages that the writer may be left with.</summary>
    private const int PagesLeft = 512;

    private readonly SqliteStorageOptions _options;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly long _limitPages;
    private readonly long _partPages;
    private readonly Lock _copying = new();
    private readonly object _gate = new();
    private Database? _database;
    private bool _closed;
    private bool _wanted;
    private bool _atLimit;
    private volatile bool _littleLeft;

    // Of the writer alone.
    private long _counted;
    private long _inLog;
    private long _sinceWanted;

    public LogCopier(SqliteStorageOptions options, ILogger logger)
    {
        _options = options;
        _logger = logger;
        _limitPages = Math.Max(PartsPerLog, options.WriteAheadLogBytes / Settings.PageBytes);
        _partPages = _limitPages / PartsPerLog;
        _thread = new Thread(Run) { IsBackground = true, Name = "storage-log-copier" };
        _thread.Start();
    }

    /// <summary>Looks how far the log has grown, and does what is due. Call on the writer's thread, outside a transaction.</summary>
    public void Tend(Database writer)
    {
        var written = writer.PagesWritten;
        var since = written < _counted ? written : written - _counted;
        _counted = written;
        _inLog += since;
        _sinceWanted += since;
        if (_inLog >= _limitPages && (_littleLeft || _inLog >= 2 * _limitPages))
        {
            Finish(writer);
        }
        else if (_sinceWanted >= _partPages)
        {
            Want(_inLog >= _limitPages);
        }
    }

    /// <summary>Runs what may not meet a copy of the log: two at once would refuse each other.</summary>
    public T Alone<T>(Func<T> work)
    {
        lock (_copying)
        {
            return work();
        }
    }

    /// <summary>Ends the copy that is under way, and closes the connection.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }

        _thread.Join();
        _database?.Dispose();
    }

    private void Finish(Database writer)
    {
        // Where a reader still needs a part of the log, or the disk fails, it is tried again after the next parts.
        _littleLeft = false;
        _sinceWanted = 0;
        _inLog = _limitPages;
        var (inLog, copied) = Alone(writer.CopyLog);
        if (copied >= inLog)
        {
            _inLog = 0;
        }
    }

    private void Want(bool atLimit)
    {
        _sinceWanted = 0;
        lock (_gate)
        {
            _wanted = true;
            _atLimit = atLimit;
            Monitor.Pulse(_gate);
        }
    }

    private void Run()
    {
        while (Next(out var atLimit))
        {
            try
            {
                _database ??= Open();
                Copy(_database, atLimit);
            }
            catch (SqliteStorageException e)
            {
                // Nothing is lost: what is not copied stays in the log. At twice its limit the writer copies.
                StorageLog.LogNotCopied(_logger, e);
                _database?.Dispose();
                _database = null;
            }
        }
    }

    private bool Next(out bool atLimit)
    {
        lock (_gate)
        {
            while (!_wanted && !_closed)
            {
                Monitor.Wait(_gate);
            }

            _wanted = false;
            atLimit = _atLimit;
            return !_closed;
        }
    }

    private Database Open()
    {
        var database = Database.Open(_options.Path, write: true);
        try
        {
            Settings.ApplyToLogCopier(database, _options);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Copy(Database database, bool atLimit)
    {
        var before = Alone(database.CopyLog).Copied;
        for (var round = 1; atLimit && round < RoundsAtLimit && !_closed; round++)
        {
            var copied = Alone(database.CopyLog).Copied;
            if (copied - before <= PagesLeft)
            {
                break;
            }

            before = copied;
        }

        _littleLeft = atLimit;
    }
}
