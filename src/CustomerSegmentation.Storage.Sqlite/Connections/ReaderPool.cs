using System.Collections.Concurrent;

namespace CustomerSegmentation.Storage.Sqlite.Connections;

/// <summary>
/// Connections that only read. A read runs on the caller's thread: it costs microseconds, less than handing it to another thread.
/// Nothing holds a connection while its caller does something else, so a wait for one is short.
/// </summary>
internal sealed class ReaderPool(SqliteStorageOptions options) : IDisposable
{
    private readonly ConcurrentStack<Database> _idle = new();
    private readonly SemaphoreSlim _free = new(options.ReadersMax);
    private volatile bool _disposed;

    public Lease Rent()
    {
        ObjectDisposedException.ThrowIf(_disposed, typeof(SqliteStorage));
        _free.Wait();
        try
        {
            if (!_idle.TryPop(out var database))
            {
                database = Open();
            }

            return new Lease(this, database);
        }
        catch
        {
            _free.Release();
            throw;
        }
    }

    public void Dispose()
    {
        _disposed = true;
        CloseIdle();
    }

    private Database Open()
    {
        var database = Database.Open(options.Path, write: false);
        try
        {
            Settings.ApplyToReader(database, options);
            return database;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    private void Return(Database database)
    {
        database.ResetStatements();
        if (database.InTransaction)
        {
            database["rollback"].Run();
        }

        _idle.Push(database);
        _free.Release();
        if (_disposed)
        {
            CloseIdle();
        }
    }

    private void CloseIdle()
    {
        while (_idle.TryPop(out var database))
        {
            database.Dispose();
        }
    }

    /// <summary>A connection for the time of one read.</summary>
    public readonly struct Lease(ReaderPool pool, Database database) : IDisposable
    {
        public Database Database => database;

        public Statement this[string name] => database[name];

        public void Dispose() => pool.Return(database);
    }
}
