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
    private bool _begun;
    private bool _marked;

    private WriterSession(PostgresServer server, NpgsqlConnection connection, long writer)
    {
        _server = server;
        _connection = connection;
        Writer = writer;
    }

    /// <summary>The writer's id.</summary>
    public long Writer { get; }

    /// <summary>Number of the running transaction.</summary>
    private long Number { get; set; }

    public bool IsOpen => _connection.FullState == ConnectionState.Open;

    /// <summary>A command of the embedded SQL, inside the transaction that was begun.</summary>
    public NpgsqlCommand this[string name]
    {
        get
        {
            OpenTransaction();
            return Command(name);
        }
    }

    /// <summary>Beyond the time for locks: then the connection is lost, whatever TCP believes.</summary>
    private int LostAfterSeconds => _server.Options.CommitTimeoutMs / 1000 + 5;

    /// <summary>Connects, and ends an earlier connection of this writer first: what it had under way is decided before anything new begins.</summary>
    /// <param name="server">Where to.</param>
    /// <param name="writer">The writer's id.</param>
    /// <param name="takesSchema">False for a second connection of a process whose first one has taken the schema.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    public static async Task<WriterSession> OpenAsync(
        PostgresServer server, long writer, bool takesSchema, CancellationToken cancellationToken = default)
    {
        var session = new WriterSession(server, await server.OpenWriterAsync(cancellationToken), writer);
        try
        {
            await session.Command("session_settings").ExecuteNonQueryAsync(cancellationToken);
            if (!await session.Command("session_lock").Bind(writer).ScalarAsync<bool>(cancellationToken))
            {
                await session.Command("session_end_predecessor").Bind(writer).ExecuteNonQueryAsync(cancellationToken);
                if (!await session.Command("session_lock").Bind(writer).ScalarAsync<bool>(cancellationToken))
                {
                    throw new PostgresStorageException(PostgresFault.Busy, "An earlier connection of this process has not ended yet. It is tried again.");
                }
            }

            if (takesSchema)
            {
                await session.TakeSchemaAsync(cancellationToken);
            }

            await session.Command("session_patience").Bind($"{server.Options.CommitTimeoutMs}ms").ExecuteNonQueryAsync(cancellationToken);
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
        _begun = true;
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
        _begun = true;
        foreach (var latest in await this["writer_leave"].Bind(Writer).ListAsync(r => r.GetInt64(0)))
        {
            await this["latest_raise"].Bind(latest).ExecuteNonQueryAsync();
        }

        await EndAsync();
    }

    /// <summary>Begins a transaction under a number; <see cref="HasCommittedAsync"/> knows it later.</summary>
    public void Begin(long number) => (Number, _begun, _marked) = (number, true, false);

    /// <summary>Several statements that travel together.</summary>
    public NpgsqlBatch CreateBatch() => new(_connection) { Timeout = LostAfterSeconds };

    /// <summary>Runs a batch inside the transaction that was begun.</summary>
    public async Task RunAsync(NpgsqlBatch batch)
    {
        OpenTransaction();
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>
    /// Runs a batch as the last of the transaction that was begun. When it is also the first, it commits in the same exchange with the server: what lies
    /// between two synchronisation messages of the protocol is a transaction.
    /// </summary>
    public async Task RunLastAsync(NpgsqlBatch batch)
    {
        await batch.ExecuteNonQueryAsync();
        if (_transaction is null)
        {
            _begun = false;
        }
    }

    /// <summary>
    /// Adds the mark of the running transaction to a batch of it, with the latest event time that it writes, milliseconds since 1970-01-01 UTC;
    /// <see cref="CommitAsync"/> does so itself where nobody did. From then on no erasure runs, by whatever process, until the transaction has ended.
    /// </summary>
    public void AddMarkExcludingErasures(NpgsqlBatch batch, long latestEventMs)
    {
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Scripts.Statements["writer_mark_excluding_erasures"]).Bind(Writer).Bind(Number).Bind(latestEventMs));
        _marked = true;
    }

    /// <summary>Ends the transaction; nothing when its last batch did.</summary>
    public async Task CommitAsync()
    {
        if (!_begun)
        {
            return;
        }

        if (!_marked)
        {
            await this["writer_mark"].Bind(Writer).Bind(Number).Bind(0L).ExecuteNonQueryAsync();
        }

        await EndAsync();
    }

    public async Task RollbackAsync()
    {
        _begun = false;
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
        var found = await Command("writer_ended").Bind(Writer).ListAsync(r => r.GetInt64(0));
        return found.Count == 0 ? null : found[0] == number;
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            // Not back into the pool: the connection holds the writer's lock.
            _server.ForgetConnections();
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
        await Command("session_patience").Bind($"{SchemaPatienceMs}ms").ExecuteNonQueryAsync(cancellationToken);
        try
        {
            await Command(_server.Options.Exclusive ? "schema_own" : "schema_share").Bind(schema).ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            var holders = await Command("schema_holders").Bind(schema)
                .ListAsync(r => $"'{r.GetString(0)}' since {r.GetDateTime(1):yyyy-MM-dd HH:mm:ss} UTC", cancellationToken);
            throw new PostgresStorageException(
                PostgresFault.Held,
                $"Schema '{schema}' of database '{_server.Target.Database}' at {_server.Target.Host}:{_server.Target.Port} is in use by "
                + $"{(holders.Count == 0 ? "another process" : string.Join(" and ", holders))}. Only one process at a time may use it.");
        }
    }

    private NpgsqlCommand Command(string name) => new(Scripts.Statements[name], _connection) { CommandTimeout = LostAfterSeconds };

    /// <summary>Travels with the statement that follows.</summary>
    private void OpenTransaction()
    {
        if (_begun)
        {
            _transaction ??= _connection.BeginTransaction();
        }
    }

    private async Task EndAsync()
    {
        _begun = false;
        await _transaction!.CommitAsync();
        await _transaction.DisposeAsync();
        _transaction = null;
    }
}
