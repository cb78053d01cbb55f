using System.Net.Sockets;
using CustomerSegmentation.Contracts;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres;

/// <summary>The database did not do what was asked; the message says which and what to do. It never holds a password.</summary>
public sealed class PostgresStorageException : EngineUnavailableException
{
    internal PostgresStorageException(PostgresFault fault, string message, string? sqlState = null, Exception? inner = null)
        : base(message, inner)
    {
        Fault = fault;
        SqlState = sqlState;
    }

    public PostgresFault Fault { get; }

    /// <summary>PostgreSQL's code of the error; null when the server did not say one.</summary>
    public string? SqlState { get; }

    /// <param name="target">The connection string without its password.</param>
    /// <param name="error">What Npgsql reported.</param>
    internal static PostgresStorageException Create(NpgsqlConnectionStringBuilder target, Exception error)
    {
        var server = $"{target.Host}:{target.Port}";
        if (error is PostgresStorageException known)
        {
            return known;
        }

        if (error is not PostgresException { SqlState: var state, MessageText: var text })
        {
            var cause = Innermost(error);
            var advice = cause is SocketException or TimeoutException or IOException
                ? "Start the server, or correct Host and Port in the connection string; a lost connection is opened again by itself."
                : "Check the connection string and the server's log.";
            return new PostgresStorageException(PostgresFault.Unreachable, $"PostgreSQL at {server} does not answer: {cause.Message}. {advice}", null, error);
        }

        var (fault, message) = state switch
        {
            PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification => (
                PostgresFault.Authentication,
                $"PostgreSQL at {server} refuses user '{target.Username}'. Correct Username and Password in the connection string, or the server's pg_hba.conf"),
            PostgresErrorCodes.InvalidCatalogName => (
                PostgresFault.MissingDatabase,
                $"PostgreSQL at {server} has no database '{target.Database}'. Create it: createdb {target.Database}"),
            PostgresErrorCodes.InsufficientPrivilege => (
                PostgresFault.MissingRight,
                $"User '{target.Username}' lacks a right in database '{target.Database}' at {server}. Let its owner run: "
                + $"GRANT CREATE ON DATABASE \"{target.Database}\" TO \"{target.Username}\""),
            PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.TooManyConnections or PostgresErrorCodes.DeadlockDetected => (
                PostgresFault.Busy, $"Database '{target.Database}' at {server} is busy. Try again later"),
            PostgresErrorCodes.DiskFull or PostgresErrorCodes.OutOfMemory or PostgresErrorCodes.ConfigurationLimitExceeded => (
                PostgresFault.Full, $"PostgreSQL at {server} has no room left. Free disk space; writing resumes by itself"),
            PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow => (
                PostgresFault.Unreachable, $"PostgreSQL at {server} is stopping or starting. The connection is opened again by itself"),
            _ => (PostgresFault.Other, $"Database '{target.Database}' at {server} failed"),
        };
        return new PostgresStorageException(fault, $"{message} (PostgreSQL {state}: {text}).", state, error);
    }

    private static Exception Innermost(Exception error)
    {
        while (error.InnerException is { } inner)
        {
            error = inner;
        }

        return error;
    }
}
