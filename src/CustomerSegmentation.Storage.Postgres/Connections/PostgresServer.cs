using CustomerSegmentation.Storage.Postgres.Schema;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Connections;

/// <summary>The server of a connection string: connections, reads, and errors that say what is wrong.</summary>
internal sealed class PostgresServer : IAsyncDisposable
{
    private const int AutoPrepareMax = 100;
    private const int WritersMax = 2;

    /// <summary>A commit group goes out in one piece. In those of the usual 8 KiB each one wakes the server's process, which then waits for the next.</summary>
    private const int WriterBufferBytes = 256 << 10;

    /// <summary>
    /// Every statement finds its rows by key. In a young database the planner knows no table's size, would read small ones whole, and keep to that while they grow.
    /// What it then thinks that it must do in spite of that costs so much in its eyes that it would compile short statements to machine code, which takes longer than they do.
    /// </summary>
    internal const string ByKey = "SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off";

    private readonly NpgsqlDataSource _readers;
    private readonly NpgsqlDataSource _writers;

    private PostgresServer(NpgsqlConnectionStringBuilder target, PostgresStorageOptions options)
    {
        Options = options;
        var settings = OfSchema(options, target.ConnectionString);
        settings.MinPoolSize = 0;
        settings.PersistSecurityInfo = false;
        _readers = Build(settings);
        settings.MaxPoolSize = WritersMax;
        settings.WriteBufferSize = Math.Max(settings.WriteBufferSize, WriterBufferBytes);
        _writers = Build(settings);
        target.Password = null;
        Target = target;
    }

    public PostgresStorageOptions Options { get; }

    /// <summary>The connection string without its password.</summary>
    public NpgsqlConnectionStringBuilder Target { get; }

    public static PostgresServer Create(PostgresStorageOptions options) => new(ReadTarget(options.ConnectionString), options);

    /// <summary>What a connection string names, with what the server takes for granted filled in, so that messages name it.</summary>
    public static NpgsqlConnectionStringBuilder ReadTarget(string connectionString)
    {
        NpgsqlConnectionStringBuilder target;
        try
        {
            target = new NpgsqlConnectionStringBuilder(connectionString);
        }
        catch (Exception e) when (e is ArgumentException or FormatException or KeyNotFoundException or InvalidCastException or OverflowException)
        {
            throw new PostgresStorageException(
                PostgresFault.ConnectionString, $"The connection string cannot be read: {e.Message} Write it as Host=…;Username=…;Password=…;Database=…");
        }

        if (string.IsNullOrEmpty(target.Host))
        {
            throw new PostgresStorageException(
                PostgresFault.ConnectionString, "The connection string names no Host. Write it as Host=…;Username=…;Password=…;Database=…");
        }

        target.Username ??= Environment.UserName;
        target.Database ??= target.Username;
        target.ApplicationName ??= $"segmentation {Environment.ProcessId} on {Environment.MachineName}";
        return target;
    }

    /// <summary>Connections that find the schema's tables, and leave nothing behind that would need a reset.</summary>
    public static NpgsqlConnectionStringBuilder OfSchema(PostgresStorageOptions options, string connectionString) => new(connectionString)
    {
        SearchPath = $"\"{options.Schema}\"",
        MaxAutoPrepare = AutoPrepareMax,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        Enlist = false,
        MaxPoolSize = options.ReadersMax,
    };

    /// <summary>A connection that reads.</summary>
    public Task<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken = default) => OpenAsync(_readers, cancellationToken);

    /// <summary>One of the two that write.</summary>
    public Task<NpgsqlConnection> OpenWriterAsync(CancellationToken cancellationToken = default) => OpenAsync(_writers, cancellationToken);

    /// <summary>No connection of now is used again: idle ones are closed at once, the others when they come back.</summary>
    public void ForgetConnections()
    {
        _readers.Clear();
        _writers.Clear();
    }

    public PostgresStorageException Error(Exception e) => PostgresStorageException.Create(Target, e);

    public static bool IsOfTheServer(Exception e) => e is NpgsqlException or IOException or TimeoutException;

    /// <summary>The rows of a statement of the embedded SQL, on a connection of its own.</summary>
    public async Task<List<T>> ListAsync<T>(
        string statement, Action<NpgsqlCommand> bind, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                await using var command = _readers.CreateCommand(Scripts.Statements[statement]);
                bind(command);
                return await command.ListAsync(read, cancellationToken);
            }
            catch (NpgsqlException e) when (e.IsTransient && attempt <= Options.ReadersMax)
            {
                // An idle connection may have been lost long ago, and so may each of the others in the pool.
            }
            catch (Exception e) when (IsOfTheServer(e))
            {
                throw Error(e);
            }
        }
    }

    public async Task<T?> FirstAsync<T>(
        string statement, Action<NpgsqlCommand> bind, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
        where T : class
    {
        var rows = await ListAsync(statement, bind, read, cancellationToken);
        return rows.Count == 0 ? null : rows[0];
    }

    public async ValueTask DisposeAsync()
    {
        await _readers.DisposeAsync();
        await _writers.DisposeAsync();
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder settings)
    {
        var source = new NpgsqlDataSourceBuilder(settings.ConnectionString);
        source.UsePhysicalConnectionInitializer(
            connection =>
            {
                using var command = new NpgsqlCommand(ByKey, connection);
                command.ExecuteNonQuery();
            },
            async connection =>
            {
                await using var command = new NpgsqlCommand(ByKey, connection);
                await command.ExecuteNonQueryAsync();
            });
        return source.Build();
    }

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception e) when (IsOfTheServer(e))
        {
            throw Error(e);
        }
    }
}
