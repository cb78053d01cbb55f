using System.Data;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Schema;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>
/// The writing connection. It holds an advisory lock under the writer's id, which tells the living from the dead, and every transaction of it writes its
/// number into the writer's row, so that the next connection can tell whether it was committed. Used by the writer loop alone.
/// </summary>
internal sealed class WriterSession : IAsyncDisposable
{
    private const int SchemaPatienceMs = 3_000;

    private readonly PostgresServer _server;
    private readonly NpgsqlConnection _connection;
    private NpgsqlTransaction? _transaction;

    private WriterSession(PostgresServer server, NpgsqlConnection connection, long writer)
    {
        _server = server;
        _connection = connection;
        Writer = writer;
    }

    /// <summary>The writer's id.</summary>
    public long Writer { get; }

    /// <summary>Latest event time of the running transaction, milliseconds since 1970-01-01 UTC; 0 when it writes no events.</summary>
    public long LatestEventMs { get; set; }

    public bool IsOpen => _connection.FullState == ConnectionState.Open;

    /// <summary>A command of the embedded SQL, inside the running transaction.</summary>
    public NpgsqlCommand this[string name] => new(Scripts.Statements[name], _connection)
    {
        // Beyond the time for locks: then the connection is lost, whatever TCP believes.
        CommandTimeout = _server.Options.CommitTimeoutMs / 1000 + 5,
    };

    /// <summary>Connects, and ends an earlier connection of this writer first: what it had under way is decided before anything new begins.</summary>
    public static async Task<WriterSession> OpenAsync(PostgresServer server, long writer, CancellationToken cancellationToken = default)
    {
        var session = new WriterSession(server, await server.OpenAsync(cancellationToken), writer);
        try
        {
            await session["session_settings"].ExecuteNonQueryAsync(cancellationToken);
            if (!await session["session_lock"].Bind(writer).ScalarAsync<bool>(cancellationToken))
            {
                await session["session_end_predecessor"].Bind(writer).ExecuteNonQueryAsync(cancellationToken);
                if (!await session["session_lock"].Bind(writer).ScalarAsync<bool>(cancellationToken))
                {
                    throw new PostgresStorageException(PostgresFault.Busy, "An earlier connection of this process has not ended yet. It is tried again.");
                }
            }

            await session.TakeSchemaAsync(cancellationToken);
            await session["session_patience"].Bind($"{server.Options.CommitTimeoutMs}ms").ExecuteNonQueryAsync(cancellationToken);
            return session;
        }
        catch (Exception e)
        {
            await session.DisposeAsync();
            if (PostgresServer.IsOfTheServer(e))
            {
                throw server.Error(e);
            }

            throw;
        }
    }

    /// <summary>Begins this writer's presence; true when another one ended without leaving.</summary>
    public async Task<bool> EnterAsync()
    {
        await BeginAsync();
        var dead = await this["writer_bury"].Bind(Writer).ListAsync(r => r.GetInt64(0));
        if (dead.Count > 0)
        {
            await this["latest_raise"].Bind(dead.Max()).ExecuteNonQueryAsync();
        }

        await this["writer_enter"].Bind(Writer).ExecuteNonQueryAsync();
        await EndAsync();
        return dead.Count > 0;
    }

    /// <summary>Notes that everything was written.</summary>
    public async Task LeaveAsync()
    {
        await BeginAsync();
        foreach (var latest in await this["writer_leave"].Bind(Writer).ListAsync(r => r.GetInt64(0)))
        {
            await this["latest_raise"].Bind(latest).ExecuteNonQueryAsync();
        }

        await EndAsync();
    }

    public async Task BeginAsync()
    {
        LatestEventMs = 0;
        _transaction = await _connection.BeginTransactionAsync();
    }

    /// <summary>Commits under a number; <see cref="HasCommittedAsync"/> knows it later.</summary>
    public async Task CommitAsync(long number)
    {
        await this["writer_mark"].Bind(Writer).Bind(number).Bind(LatestEventMs).ExecuteNonQueryAsync();
        await EndAsync();
    }

    public async Task RollbackAsync()
    {
        if (_transaction is { } transaction)
        {
            _transaction = null;
            await transaction.RollbackAsync();
            await transaction.DisposeAsync();
        }
    }

    /// <summary>
    /// Whether an earlier connection's transaction was committed; null when that cannot be told any more. The row is locked by a transaction until it has
    /// ended, so the answer is never early.
    /// </summary>
    public async Task<bool?> HasCommittedAsync(long number)
    {
        var found = await this["writer_ended"].Bind(Writer).ListAsync(r => r.GetInt64(0));
        return found.Count == 0 ? null : found[0] == number;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Not back into the pool: the connection holds the writer's lock.
            NpgsqlConnection.ClearPool(_connection);
            await _connection.DisposeAsync();
        }
        catch (Exception e) when (PostgresServer.IsOfTheServer(e))
        {
            // It was broken.
        }
    }

    /// <summary>Takes the schema for this process alone or shares it; waits a little, since the connection of a process that was killed may end after it.</summary>
    private async Task TakeSchemaAsync(CancellationToken cancellationToken)
    {
        var schema = _server.Options.Schema;
        await this["session_patience"].Bind($"{SchemaPatienceMs}ms").ExecuteNonQueryAsync(cancellationToken);
        try
        {
            await this[_server.Options.Exclusive ? "schema_own" : "schema_share"].Bind(schema).ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            var holders = await this["schema_holders"].Bind(schema)
                .ListAsync(r => $"'{r.GetString(0)}' since {r.GetDateTime(1):yyyy-MM-dd HH:mm:ss} UTC", cancellationToken);
            throw new PostgresStorageException(
                PostgresFault.Held,
                $"Schema '{schema}' of database '{_server.Target.Database}' at {_server.Target.Host}:{_server.Target.Port} is in use by "
                + $"{(holders.Count == 0 ? "another process" : string.Join(" and ", holders))}. Only one process at a time may use it.");
        }
    }

    private async Task EndAsync()
    {
        await _transaction!.CommitAsync();
        await _transaction.DisposeAsync();
        _transaction = null;
    }
}
