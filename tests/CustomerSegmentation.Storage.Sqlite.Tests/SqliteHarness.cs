using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

/// <summary>A database in a folder of its own. Commits are held up as another program would: by holding the write lock.</summary>
internal sealed class SqliteHarness : StorageHarness
{
    /// <summary>Small, so that a few appends lie in all places that there are: in the index, in the list that is being entered, in the younger one.</summary>
    private const int UnindexedRecordsMax = 5;

    private readonly TemporaryFolder _folder;
    private readonly StorageLimits _limits;
    private readonly List<SqliteStorage> _crashed = [];
    private SqliteStorage _storage = null!;
    private Database? _blocker;

    private SqliteHarness(TemporaryFolder folder, StorageLimits limits)
    {
        _folder = folder;
        _limits = limits;
    }

    public override IStorage Storage => _storage;

    public static async Task<SqliteHarness> OpenAsync(StorageLimits limits)
    {
        var harness = new SqliteHarness(new TemporaryFolder(), limits);
        harness._storage = await harness.OpenStorageAsync();
        return harness;
    }

    /// <summary>A crash is a copy of the files as they are on the disk at that moment.</summary>
    public override async Task ReopenAsync(bool clean)
    {
        if (clean)
        {
            await _storage.DisposeAsync();
        }
        else
        {
            _crashed.Add(_storage);
            _folder.CopyDatabase();
        }

        _storage = await OpenStorageAsync();
    }

    public override void PauseCommits()
    {
        _blocker = Database.Open(_folder.DatabasePath, write: true);
        _blocker.Execute("PRAGMA busy_timeout = 60000");
        _blocker.Execute("BEGIN IMMEDIATE");
    }

    public override void ResumeCommits()
    {
        _blocker!.Execute("ROLLBACK");
        _blocker.Dispose();
        _blocker = null;
    }

    public override async Task FailCommitAsync()
    {
        // The writer gives up on the lock, and the appends that wait for it learn of it through an append of ours behind them.
        var probe = Records.Append("probe", 1);
        if (Storage.Journal.TryAppend(probe) == AppendResult.Queued)
        {
            await probe.Completion;
        }

        ResumeCommits();
    }

    public override async ValueTask DisposeAsync()
    {
        await _storage.DisposeAsync();
        foreach (var storage in _crashed)
        {
            await storage.DisposeAsync();
        }

        _folder.Dispose();
    }

    private Task<SqliteStorage> OpenStorageAsync() => SqliteStorage.OpenAsync(
        new SqliteStorageOptions
        {
            Path = _folder.DatabasePath,
            JournalQueueAppendsMax = _limits.JournalQueueAppendsMax,
            JournalQueueBytesMax = _limits.JournalQueueBytesMax,
            RejectionsMax = _limits.RejectionsMax,
            CheckpointChunkMax = _limits.CheckpointChunkMax,
            UnindexedRecordsMax = UnindexedRecordsMax,
            BusyTimeoutMs = _limits.CommitPatienceMs,
        },
        TimeProvider.System);
}
