using System.Security.Cryptography;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Schema;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>
/// The writing connection with what it knows by heart: counters that only grow, so a rolled-back transaction leaves a gap and nothing else.
/// Used by the writer thread alone; opened anew after an error of the disk.
/// </summary>
internal sealed class WriterSession : IDisposable
{
    private const string CleanStop = "clean_stop";
    private const string Salt = "salt";
    private const string RevisionCount = "revision";
    private const string LastKey = "last_customer";
    private const string LatestEvent = "latest_event";
    private const string LatestPosition = "latest_position";
    private const string ScrubDue = "scrub_due";
    private const string AnyTrimmed = "any_trimmed";

    private readonly SqliteStorageOptions _options;
    private bool _synced = true;

    private WriterSession(Database database, SqliteStorageOptions options, SharedState shared, TimeProvider timeProvider)
    {
        Database = database;
        _options = options;
        Shared = shared;
        TimeProvider = timeProvider;
        Customers = new CustomerKeys(this);
        Index = new JournalIndexer(this, options.UnindexedRecordsMax);
        Journal = new JournalCommitter(this);
        Profiles = new ProfileLedger(this);
    }

    public Database Database { get; }

    public SharedState Shared { get; }

    public TimeProvider TimeProvider { get; }

    public CustomerKeys Customers { get; }

    public JournalIndexer Index { get; }

    public JournalCommitter Journal { get; }

    public ProfileLedger Profiles { get; }

    public int RejectionsMax => _options.RejectionsMax;

    /// <summary>Revision of the profile index.</summary>
    public long Revision { get; private set; }

    /// <summary>Position of the last journal row.</summary>
    public long Position { get; set; }

    /// <summary>Opens the database, creating or migrating it; the first time in a process also notes that the process runs.</summary>
    public static WriterSession Open(SqliteStorageOptions options, SharedState shared, TimeProvider timeProvider, bool first)
    {
        var database = Database.Open(options.Path, write: true);
        WriterSession? session = null;
        try
        {
            Settings.ApplyToWriter(database, options);
            Migrator.Migrate(database, timeProvider.GetUtcNow().ToUnixTimeMilliseconds());
            session = new WriterSession(database, options, shared, timeProvider);
            session.Load(first);
            return session;
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public long Meta(string name)
    {
        var row = Database["meta_get"].Bind(1, name);
        var value = row.Step() ? row.GetInt64(0) : 0;
        row.Reset();
        return value;
    }

    public void SetMeta(string name, long value) => Database["meta_set"].Bind(1, name).Bind(2, value).Run();

    /// <param name="durable">Whether the commit waits for the disk.</param>
    public void Begin(bool durable)
    {
        if (durable != _synced)
        {
            Database.Execute(durable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
            _synced = durable;
        }

        Database["begin"].Run();
    }

    public void Commit()
    {
        Database["commit"].Run();
        Shared.Names.Commit();
        Customers.Commit();
        Index.Commit();
    }

    /// <summary>Undoes whatever is under way; never fails.</summary>
    public void Rollback()
    {
        try
        {
            Database.ResetStatements();
            if (Database.InTransaction)
            {
                Database["rollback"].Run();
            }
        }
        catch (SqliteStorageException)
        {
            // The connection is opened anew before the next transaction.
        }

        Shared.Names.Rollback();
        Customers.Rollback();
        Index.Rollback();
        Profiles.Clear();
    }

    /// <summary>A new revision of the profile index, written with the transaction.</summary>
    public long NextRevision()
    {
        Revision++;
        SetMeta(RevisionCount, Revision);
        SaveLatestEvent();
        return Revision;
    }

    /// <summary>Remembers the highest customer key in use, so that the key of an erased customer is not given out again.</summary>
    public void SaveLastKey(long key) => SetMeta(LastKey, key);

    /// <summary>Whether erased content may still be in unused parts of pages.</summary>
    public bool IsScrubDue => Meta(ScrubDue) != 0;

    /// <summary>Size of the database without its log, in bytes.</summary>
    public long Bytes => Database.ExecuteScalar("PRAGMA page_count") * Database.ExecuteScalar("PRAGMA page_size");

    /// <summary>Notes, with the running transaction, that <see cref="Scrub"/> has to follow; also after a crash.</summary>
    public void RequestScrub() => SetMeta(ScrubDue, 1);

    /// <summary>
    /// Rewrites the database. secure_delete makes zeros of what is deleted, but when a page splits or fills up again, cells move and leave copies in its
    /// unused part: only new pages are free of them. Takes time and disk in proportion to the database. False while a reader is in the way.
    /// </summary>
    public bool Scrub()
    {
        // The copy goes to the disk: memory stays bounded.
        Database.Execute("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY");
        if (!TruncateLog())
        {
            return false;
        }

        SetMeta(ScrubDue, 0);
        return true;
    }

    /// <summary>Notes, with the running transaction, that sequence numbers may be taken without a row that shows it.</summary>
    public void NoteTrimmed()
    {
        SaveLatestEvent();
        if (!Shared.AnyTrimmed)
        {
            SetMeta(AnyTrimmed, 1);
            Shared.AnyTrimmed = true;
        }
    }

    /// <summary>Empties the write-ahead log into the database; false while a reader is in the way.</summary>
    public bool TruncateLog() => Database.ExecuteScalar("PRAGMA wal_checkpoint(TRUNCATE)") == 0;

    /// <summary>Commits a small write to the disk, or fails as a commit group would.</summary>
    public void Probe()
    {
        Begin(durable: true);
        SaveLatestEvent();
        Commit();
    }

    /// <summary>Notes that everything was written.</summary>
    public void MarkCleanStop()
    {
        Begin(durable: true);
        SaveLatestEvent();
        SetMeta(CleanStop, 1);
        Commit();
    }

    public void Dispose()
    {
        Journal.Dispose();
        Index.Dispose();
        Database.Dispose();
    }

    private void Load(bool first)
    {
        Shared.Names.Load(Database);
        Revision = Meta(RevisionCount);
        Position = Math.Max(Meta(LatestPosition), Database.ExecuteScalar("SELECT coalesce(max(position), 0) FROM journal"));
        Shared.AnyTrimmed = Meta(AnyTrimmed) != 0;
        Shared.LatestEventMs = LoadLatestEvent();
        Shared.AnyErased = Database.ExecuteScalar("SELECT EXISTS (SELECT 1 FROM tombstone)") != 0;
        Customers.Load(Math.Max(Meta(LastKey), Database.ExecuteScalar("SELECT coalesce(max(key), 0) FROM customer")));
        Shared.Salt = LoadSalt();
        Index.Load();
        if (first)
        {
            // A new database has nothing that could be stale.
            Shared.AfterUncleanStop = Position > 0 && Meta(CleanStop) == 0;
            SetMeta(CleanStop, 0);
        }
    }

    private long LoadLatestEvent()
    {
        var later = Database["journal_latest_after"].Bind(1, Meta(LatestPosition));
        later.Step();
        var latest = Math.Max(Meta(LatestEvent), later.GetInt64(0));
        later.Reset();
        return latest;
    }

    private void SaveLatestEvent()
    {
        SetMeta(LatestEvent, Shared.LatestEventMs);
        SetMeta(LatestPosition, Position);
    }

    private byte[] LoadSalt()
    {
        var row = Database["meta_get"].Bind(1, Salt);
        var salt = row.Step() ? row.GetBytes(0).ToArray() : [];
        row.Reset();
        if (salt.Length == 0)
        {
            salt = RandomNumberGenerator.GetBytes(16);
            Database["meta_set"].Bind(1, Salt).Bind(2, salt).Run();
        }

        return salt;
    }
}
