using CustomerSegmentation.Contracts;
using SQLitePCL;

namespace CustomerSegmentation.Storage.Sqlite;

/// <summary>The database did not do what was asked; the message says which file and what to do.</summary>
public sealed class SqliteStorageException : EngineUnavailableException
{
    internal SqliteStorageException(string path, SqliteFault fault, int code, string message)
        : base(message)
    {
        Path = path;
        Fault = fault;
        Code = code;
    }

    /// <summary>The database file.</summary>
    public string Path { get; }

    public SqliteFault Fault { get; }

    /// <summary>SQLite's extended result code; 0 when SQLite was not asked.</summary>
    public int Code { get; }

    internal static SqliteStorageException Create(string path, int code, string detail)
    {
        var (fault, advice) = (code & 0xff) switch
        {
            raw.SQLITE_FULL => (SqliteFault.Full, "has no room left. Free disk space; writing resumes by itself"),
            raw.SQLITE_READONLY => (SqliteFault.ReadOnly, "cannot be written. Give this user write access to the file and its folder"),
            raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_AUTH =>
                (SqliteFault.ReadOnly, "cannot be opened. Give this user read and write access to the file and its folder"),
            raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB =>
                (SqliteFault.Corrupt, "is damaged or not a database. Move it away, or restore it from a backup"),
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => (SqliteFault.Busy, "is locked by another program. End that program"),
            raw.SQLITE_IOERR => (SqliteFault.InputOutput, "cannot be read or written. Check the disk; writing resumes by itself"),
            _ => (SqliteFault.Other, "failed"),
        };
        return new SqliteStorageException(path, fault, code, $"The database '{path}' {advice} (SQLite {code}: {detail}).");
    }
}
