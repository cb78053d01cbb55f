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
/// Storage in one schema of a PostgreSQL database: one connection writes the journal, one all else, reads have connections of their own. Several processes may
/// use a schema; the fence of the journal keeps them apart.
/// </summary>
public sealed class PostgresStorage : IStorage
{
    private readonly WriteQueue _journalQueue;
    private readonly WriteQueue _ledgerQueue;
    private readonly WriterLoop _journalWriter;
    private readonly WriterLoop _ledgerWriter;
    private readonly PostgresServer _server;
    private readonly PostgresRejectionLog _rejections;

    private PostgresStorage(
        PostgresServer server, WriterSession journal, WriterSession ledger, Beginning beginning, TimeProvider timeProvider, ILogger logger)
    {
        _server = server;
        _journalQueue = new WriteQueue(server.Options);
        _ledgerQueue = new WriteQueue(server.Options);
        _journalWriter = new WriterLoop(_journalQueue, server, journal, takesSchema: true, timeProvider, logger);
        _ledgerWriter = new WriterLoop(_ledgerQueue, server, ledger, takesSchema: false, timeProvider, logger);
        Journal = new PostgresJournal(_journalQueue, _ledgerQueue, server);
        _rejections = new PostgresRejectionLog(server, _ledgerQueue, ledger.Writer, beginning.LastRejection);
        Customers = new PostgresCustomerStore(server, _ledgerQueue, _rejections, timeProvider, beginning.Salt, beginning.AfterUncleanStop);
        Profiles = new PostgresProfileIndex(server, _ledgerQueue);
        Segmentations = new PostgresSegmentationStore(server, _ledgerQueue);
        Audiences = new PostgresAudienceStore(server, _ledgerQueue);
        Models = new PostgresModelStore(server, _ledgerQueue, timeProvider);
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
        var sessions = new List<WriterSession>();
        try
        {
            // The schema is taken first: nobody migrates what another process has to itself.
            var journal = await WriterSession.OpenAsync(server, NewWriter(), takesSchema: true, cancellationToken);
            sessions.Add(journal);
            await Migrator.MigrateAsync(server, timeProvider.GetUtcNow().ToUnixTimeMilliseconds(), logger, cancellationToken);
            var ledger = await WriterSession.OpenAsync(server, NewWriter(), takesSchema: false, cancellationToken);
            sessions.Add(ledger);
            var beginning = await BeginAsync(journal, ledger);
            StorageLog.Opened(
                logger, options.Schema, server.Target.Database, server.Target.Host, server.Target.Port, Migrator.CurrentVersion, !beginning.AfterUncleanStop);
            var storage = new PostgresStorage(server, journal, ledger, beginning, timeProvider, logger);
            storage._journalWriter.Start();
            storage._ledgerWriter.Start();
            return storage;
        }
        catch (Exception e)
        {
            foreach (var session in sessions)
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
        _journalQueue.Close();
        _ledgerQueue.Close();
        await _journalWriter.Stopped;
        await _ledgerWriter.Stopped;
        await _server.DisposeAsync();
    }

    private static long NewWriter() => BitConverter.ToInt64(RandomNumberGenerator.GetBytes(sizeof(long)));

    private static async Task<Beginning> BeginAsync(WriterSession journal, WriterSession ledger) => new(
        await journal.EnterAsync() | await ledger.EnterAsync(),
        await ledger["rejection_last"].ScalarAsync<long>(),
        await ledger["salt_get"].ScalarAsync<byte[]>());

    /// <summary>What is known at the start.</summary>
    private sealed record Beginning(bool AfterUncleanStop, long LastRejection, byte[] Salt);
}
