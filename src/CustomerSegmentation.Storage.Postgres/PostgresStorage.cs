using System.Security.Cryptography;
using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Reading;
using CustomerSegmentation.Storage.Postgres.Schema;
using CustomerSegmentation.Storage.Postgres.Writing;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Segmentations;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Storage.Postgres;

/// <summary>
/// Storage in one schema of a PostgreSQL database: one loop writes, reads have connections of their own. Several processes may use a schema; the fence of the
/// journal keeps them apart.
/// </summary>
public sealed class PostgresStorage : IStorage
{
    private readonly WriteQueue _queue;
    private readonly WriterLoop _writer;
    private readonly PostgresServer _server;
    private readonly PostgresRejectionLog _rejections;

    private PostgresStorage(
        PostgresServer server, WriterSession session, Beginning beginning, TimeProvider timeProvider, ILogger logger)
    {
        _server = server;
        _queue = new WriteQueue(server.Options);
        _writer = new WriterLoop(_queue, server, session, timeProvider, logger);
        Journal = new PostgresJournal(_queue, server);
        _rejections = new PostgresRejectionLog(server, _queue, session.Writer, beginning.LastRejection);
        Customers = new PostgresCustomerStore(server, _queue, _rejections, timeProvider, beginning.Salt, beginning.AfterUncleanStop);
        Profiles = new PostgresProfileIndex(server, _queue);
        Segmentations = new PostgresSegmentationStore(server, _queue);
        Audiences = new PostgresAudienceStore(server, _queue);
        Models = new PostgresModelStore(server, _queue, timeProvider);
    }

    /// <inheritdoc />
    public IJournal Journal { get; }

    /// <inheritdoc />
    public ICustomerStore Customers { get; }

    /// <inheritdoc />
    public IProfileIndex Profiles { get; }

    /// <inheritdoc />
    public ISegmentationStore Segmentations { get; }

    /// <inheritdoc />
    public IAudienceStore Audiences { get; }

    /// <inheritdoc />
    public IModelStore Models { get; }

    /// <inheritdoc />
    public IRejectionLog Rejections => _rejections;

    /// <summary>Connects, creates or migrates the schema, and starts the writer.</summary>
    /// <exception cref="PostgresStorageException">
    /// The connection string, the server, the user's rights or the schema do not allow it; the message says what to do, and holds no password.
    /// </exception>
    public static async Task<PostgresStorage> OpenAsync(
        PostgresStorageOptions options, TimeProvider timeProvider, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        logger ??= NullLogger.Instance;
        var server = PostgresServer.Create(options);
        WriterSession? session = null;
        try
        {
            // The schema is taken first: nobody migrates what another process has to itself.
            session = await WriterSession.OpenAsync(server, BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long))), cancellationToken);
            await Migrator.MigrateAsync(server, timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), logger, cancellationToken);
            var beginning = await BeginAsync(session);
            StorageLog.Opened(
                logger, options.Schema, server.Target.Database, server.Target.Host, server.Target.Port, Migrator.CurrentVersion, !beginning.AfterUncleanStop);
            var storage = new PostgresStorage(server, session, beginning, timeProvider, logger);
            storage._writer.Start();
            return storage;
        }
        catch (Exception e)
        {
            if (session is not null)
            {
                await session.DisposeAsync();
            }

            await server.DisposeAsync();
            if (PostgresServer.IsOfTheServer(e))
            {
                throw server.Error(e);
            }

            throw;
        }
    }

    /// <summary>Commits what is queued, marks a clean stop and closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await _rejections.CloseAsync();
        _queue.Close();
        await _writer.Stopped;
        await _server.DisposeAsync();
    }

    private static async Task<Beginning> BeginAsync(WriterSession session) => new(
        await session.EnterAsync(),
        await session["rejection_last"].ScalarAsync<long>(),
        await session["salt_get"].ScalarAsync<byte[]>());

    /// <summary>What is known at the start.</summary>
    private sealed record Beginning(bool AfterUncleanStop, long LastRejection, byte[] Salt);
}
