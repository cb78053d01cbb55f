using CustomerSegmentation.Storage.Audiences;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Models;
using CustomerSegmentation.Storage.Profiles;
using CustomerSegmentation.Storage.Rejections;
using CustomerSegmentation.Storage.Segmentations;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Reading;
using CustomerSegmentation.Storage.Sqlite.Schema;
using CustomerSegmentation.Storage.Sqlite.Writing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Storage.Sqlite;

/// <summary>
/// Storage in one SQLite file: one thread writes, reads run on their callers' threads. Hold the <see cref="DataFolder"/> while it is open.
/// </summary>
public sealed class SqliteStorage : IStorage
{
    private readonly WriteQueue _queue;
    private readonly WriterThread _writer;
    private readonly ReaderPool _readers;
    private readonly SqliteRejectionLog _rejections;

    private SqliteStorage(
        SqliteStorageOptions options, SharedState shared, WriteQueue queue, WriterThread writer, ReaderPool readers, long lastRejection,
        TimeProvider timeProvider)
    {
        _queue = queue;
        _writer = writer;
        _readers = readers;
        Journal = new SqliteJournal(shared, queue, readers);
        _rejections = new SqliteRejectionLog(options, queue, readers, lastRejection);
        Customers = new SqliteCustomerStore(options, shared, queue, readers, _rejections);
        Profiles = new SqliteProfileIndex(options, shared, queue, readers);
        Segmentations = new SqliteSegmentationStore(queue, readers);
        Audiences = new SqliteAudienceStore(queue, readers);
        Models = new SqliteModelStore(queue, readers, timeProvider);
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

    /// <summary>Opens the database, creates or migrates it, and starts its writer.</summary>
    /// <exception cref="SqliteStorageException">The file cannot be opened or read, or a newer program wrote it; the message says what to do.</exception>
    public static Task<SqliteStorage> OpenAsync(
        SqliteStorageOptions options, TimeProvider timeProvider, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        options.Validate();
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<SqliteStorage>(cancellationToken);
        }

        try
        {
            return Task.FromResult(Open(options, timeProvider, logger ?? NullLogger.Instance));
        }
        catch (Exception e)
        {
            return Task.FromException<SqliteStorage>(e);
        }
    }

    /// <summary>Commits what is queued, marks a clean stop and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        await _rejections.CloseAsync();
        _queue.Close();
        await _writer.Stopped;
        _readers.Dispose();
    }

    private static SqliteStorage Open(SqliteStorageOptions options, TimeProvider timeProvider, ILogger logger)
    {
        var shared = new SharedState();
        var session = WriterSession.Open(options, shared, timeProvider, first: true);
        var last = session.Database["rejection_last"];
        last.Step();
        var lastRejection = last.GetInt64(0);
        last.Reset();
        StorageLog.Opened(logger, options.Path, Migrator.CurrentVersion, !shared.AfterUncleanStop);
        var queue = new WriteQueue(options);
        var writer = new WriterThread(queue, session, options, shared, timeProvider, logger);
        writer.Start();
        return new SqliteStorage(options, shared, queue, writer, new ReaderPool(options), lastRejection, timeProvider);
    }
}
