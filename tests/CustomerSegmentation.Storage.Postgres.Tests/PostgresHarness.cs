using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.TestKit;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Tests;

/// <summary>A schema of its own. Commits are held up as another client would: by locking the table they write.</summary>
internal sealed class PostgresHarness : StorageHarness
{
    private readonly TestSchema _schema;
    private readonly StorageLimits _limits;
    private readonly List<PostgresStorage> _crashed = [];
    private PostgresStorage _storage = null!;
    private NpgsqlConnection? _blocker;

    private PostgresHarness(TestSchema schema, StorageLimits limits)
    {
        _schema = schema;
        _limits = limits;
    }

    public override IStorage Storage => _storage;

    public static async Task<PostgresHarness> OpenAsync(StorageLimits limits)
    {
        var harness = new PostgresHarness(await TestSchema.CreateAsync(), limits);
        harness._storage = await harness.OpenStorageAsync();
        return harness;
    }

    /// <summary>A crash is the end of all connections: the process that held them does nothing any more.</summary>
    public override async Task ReopenAsync(bool clean)
    {
        if (clean)
        {
            await _storage.DisposeAsync();
        }
        else
        {
            _crashed.Add(_storage);
            await _schema.TerminateAsync();
        }

        _storage = await OpenStorageAsync();
    }

    public override void PauseCommits()
    {
        _blocker = new NpgsqlConnection(_schema.AdminConnectionString);
        _blocker.Open();
        using var command = new NpgsqlCommand($"BEGIN; LOCK TABLE {_schema.Name}.writer IN EXCLUSIVE MODE", _blocker);
        command.ExecuteNonQuery();
    }

    public override void ResumeCommits()
    {
        using (var command = new NpgsqlCommand("ROLLBACK", _blocker))
        {
            command.ExecuteNonQuery();
        }

        _blocker!.Dispose();
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

        await _schema.DisposeAsync();
    }

    private Task<PostgresStorage> OpenStorageAsync() => PostgresStorage.OpenAsync(
        new PostgresStorageOptions
        {
            ConnectionString = _schema.ConnectionString,
            Schema = _schema.Name,
            JournalQueueAppendsMax = _limits.JournalQueueAppendsMax,
            JournalQueueBytesMax = _limits.JournalQueueBytesMax,
            RejectionsMax = _limits.RejectionsMax,
            CheckpointChunkMax = _limits.CheckpointChunkMax,
            CommitTimeoutMs = _limits.CommitPatienceMs,
        },
        TimeProvider.System);
}
