using CustomerSegmentation.Storage.Sqlite.Schema;
using SQLitePCL;

namespace CustomerSegmentation.Storage.Sqlite.Connections;

/// <summary>
/// One connection with its prepared statements; used by one thread at a time. It speaks to SQLite directly: a commit group binds several values
/// for each of thousands of rows, and a read of one customer should cost no more than the look-up.
/// </summary>
internal sealed class Database : IDisposable
{
    /// <summary>SQLITE_DBSTATUS_CACHE_WRITE.</summary>
    private const int CacheWrites = 9;

    private readonly sqlite3 _handle;
    private readonly Dictionary<string, Statement> _statements = [];

    static Database() => Batteries_V2.Init();

    private Database(string path, sqlite3 handle)
    {
        Path = path;
        _handle = handle;
    }

    public string Path { get; }

    public static Database Open(string path, bool write)
    {
        var flags = raw.SQLITE_OPEN_NOMUTEX | (write ? raw.SQLITE_OPEN_READWRITE | raw.SQLITE_OPEN_CREATE : raw.SQLITE_OPEN_READONLY);
        var code = raw.sqlite3_open_v2(path, out var handle, flags, null);
        var database = new Database(path, handle);
        if (code != raw.SQLITE_OK)
        {
            var detail = raw.sqlite3_errstr(code).utf8_to_string();
            handle.Dispose();
            throw SqliteStorageException.Create(path, code, detail);
        }

        raw.sqlite3_extended_result_codes(handle, 1);
        return database;
    }

    /// <summary>Runs SQL that is not worth preparing: settings and migrations.</summary>
    public void Execute(string sql)
    {
        var code = raw.sqlite3_exec(_handle, sql);
        if (code != raw.SQLITE_OK)
        {
            throw Error(code);
        }
    }

    /// <summary>The first column of the first row of SQL that is not worth preparing.</summary>
    public long ExecuteScalar(string sql)
    {
        using var statement = Prepare(sql);
        return statement.Step() ? statement.GetInt64(0) : 0;
    }

    /// <summary>The prepared statement of a name in the embedded SQL, reset.</summary>
    public Statement this[string name]
    {
        get
        {
            if (!_statements.TryGetValue(name, out var statement))
            {
                statement = Prepare(Scripts.Statements[name]);
                _statements.Add(name, statement);
            }

            return statement;
        }
    }

    public Statement Prepare(string sql)
    {
        var code = raw.sqlite3_prepare_v3(_handle, sql, raw.SQLITE_PREPARE_PERSISTENT, out var statement);
        return code == raw.SQLITE_OK ? new Statement(this, statement) : throw Error(code);
    }

    /// <summary>False when a failed statement has rolled the transaction back already.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_handle) == 0;

    /// <summary>Ends every statement that was left before its last row.</summary>
    public void ResetStatements()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Reset();
        }
    }

    /// <summary>Pages that this connection has written, which only grows.</summary>
    public long PagesWritten
    {
        get
        {
            raw.sqlite3_db_status(_handle, CacheWrites, out var pages, out _, 0);
            return pages;
        }
    }

    /// <summary>Copies the write-ahead log into the database, as far as no reader needs what would be overwritten.</summary>
    /// <returns>Pages in the log, and those of them that are copied, now or before.</returns>
    public (int InLog, int Copied) CopyLog()
    {
        var code = raw.sqlite3_wal_checkpoint_v2(_handle, "main", raw.SQLITE_CHECKPOINT_PASSIVE, out var inLog, out var copied);
        return code is raw.SQLITE_OK or raw.SQLITE_BUSY ? (inLog, copied) : throw Error(code);
    }

    public int Changes => raw.sqlite3_changes(_handle);

    public SqliteStorageException Error(int code)
    {
        var detail = raw.sqlite3_errmsg(_handle).utf8_to_string();
        var extended = raw.sqlite3_extended_errcode(_handle);
        return SqliteStorageException.Create(Path, (extended & 0xff) == (code & 0xff) ? extended : code, detail);
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        _handle.Dispose();
    }
}
