using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.Storage;
using CustomerSegmentation.Storage.Postgres;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>Which storage the configuration asks for: PostgreSQL when it has a connection string, else SQLite in the data folder.</summary>
internal sealed class ShopStorage
{
    public const string PostgresPart = "Postgres";
    public const string SqlitePart = "Sqlite";
    public const string ConnectionKey = $"{OptionCatalogue.Section}:{PostgresPart}:{nameof(PostgresStorageOptions.ConnectionString)}";

    private readonly IConfiguration _configuration;
    private readonly PostgresStorageOptions? _postgres;

    /// <exception cref="CommandFailure">The options cannot be read.</exception>
    public ShopStorage(IConfiguration configuration)
    {
        _configuration = configuration;
        if (configuration[ConnectionKey] is { Length: > 0 } connection)
        {
            // The embedded engine answers from its memory: it must be the only one who writes.
            _postgres = HostConfiguration.Fill(configuration, new PostgresStorageOptions { ConnectionString = connection, Exclusive = true }, PostgresPart);
            Description = Explain(_postgres.Describe);
        }
    }

    /// <summary>Where the data is; null when it is in the data folder.</summary>
    public string? Description { get; }

    /// <summary>Takes the folder, which holds the database or stands for the one that is elsewhere.</summary>
    /// <exception cref="DataFolderHeldException">Another process holds it.</exception>
    public DataFolder TakeFolder(string path, TimeProvider time) => Explain(() => DataFolder.Open(path, time, Description));

    /// <exception cref="CommandFailure">The database cannot be opened.</exception>
    public async Task<IStorage> OpenAsync(DataFolder folder, TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        try
        {
            return _postgres is not null
                ? await PostgresStorage.OpenAsync(_postgres, time, loggers.CreateLogger<PostgresStorage>(), cancellationToken)
                : await SqliteStorage.OpenAsync(
                    HostConfiguration.Fill(_configuration, new SqliteStorageOptions { Path = folder.DatabasePath }, SqlitePart), time,
                    loggers.CreateLogger<SqliteStorage>(), cancellationToken);
        }
        catch (PostgresStorageException e) when (e.Fault == PostgresFault.Held)
        {
            throw new CommandFailure($"{e.Message} A command goes through a running service, or a silo of a cluster: name its address with --url, or its data folder with --data.", e);
        }
        catch (Exception e) when (IsOfTheUser(e))
        {
            throw new CommandFailure(e.Message, e);
        }
    }

    /// <summary>The storage that the silos of a cluster share, which must be PostgreSQL.</summary>
    /// <exception cref="CommandFailure">There is no connection string, or the database cannot be opened.</exception>
    public async Task<(PostgresStorageOptions Options, PostgresStorage Storage)> OpenSharedAsync(
        TimeProvider time, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        if (_postgres is null)
        {
            throw new CommandFailure("the silos of a cluster share a PostgreSQL database: name it with --postgres \"Host=…;Username=…;Password=…;Database=…\"");
        }

        var options = HostConfiguration.Fill(_configuration, new PostgresStorageOptions { ConnectionString = _postgres.ConnectionString }, PostgresPart);
        try
        {
            return (options, await PostgresStorage.OpenAsync(options, time, loggers.CreateLogger<PostgresStorage>(), cancellationToken));
        }
        catch (Exception e) when (IsOfTheUser(e))
        {
            throw new CommandFailure(e.Message, e);
        }
    }

    private static T Explain<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (IsOfTheUser(e))
        {
            throw new CommandFailure(e.Message, e);
        }
    }

    private static bool IsOfTheUser(Exception e) => e is UnauthorizedAccessException or SqliteStorageException or PostgresStorageException or ArgumentException;
}
