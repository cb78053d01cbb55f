using CustomerSegmentation.Storage.InMemory;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Tests;

/// <summary>Commits whatever is queued, at once, unless paused.</summary>
internal sealed class InMemoryHarness : StorageHarness
{
    private InMemoryStorage _storage;
    private bool _paused;

    public InMemoryHarness(StorageLimits limits)
    {
        _storage = new InMemoryStorage(new InMemoryStorageOptions
        {
            JournalQueueAppendsMax = limits.JournalQueueAppendsMax,
            JournalQueueBytesMax = limits.JournalQueueBytesMax,
            RejectionsMax = limits.RejectionsMax,
            ManualCommit = true,
        });
        _storage.AppendQueued = CommitUnlessPaused;
    }

    public override IStorage Storage => _storage;

    public override async Task ReopenAsync(bool clean)
    {
        if (clean)
        {
            await _storage.DisposeAsync();
        }

        _storage = _storage.Reopen();
        _storage.AppendQueued = CommitUnlessPaused;
    }

    public override void PauseCommits() => _paused = true;

    public override void ResumeCommits()
    {
        _paused = false;
        _storage.CommitPending();
    }

    public override Task FailCommitAsync()
    {
        _storage.FailPending(new IOException("The disk is full."));
        _paused = false;
        return Task.CompletedTask;
    }

    public override ValueTask DisposeAsync() => _storage.DisposeAsync();

    private void CommitUnlessPaused()
    {
        if (!_paused)
        {
            _storage.CommitPending();
        }
    }
}
