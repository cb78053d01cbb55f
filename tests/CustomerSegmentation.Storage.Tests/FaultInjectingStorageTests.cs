using CustomerSegmentation.Storage.InMemory;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Tests;

public sealed class FaultInjectingStorageTests
{
    private readonly FaultInjectingStorage _storage = new(new InMemoryStorage());

    [Fact]
    public async Task Failing_append_is_not_stored_and_its_followers_are_broken()
    {
        _storage.FailNextAppend(new IOException("The disk is full."));

        var failed = Append(Records.Append("anna", 1));

        Assert.Equal(JournalOutcome.Failed, failed.Outcome);
        Assert.Equal("The disk is full.", _storage.Journal.Fault);
        Assert.Equal(AppendResult.Broken, _storage.Journal.TryAppend(Records.Append("anna", 2, 1, 0, failed)));
        Assert.Null(await _storage.Customers.LoadAsync("anna"));
        Assert.Equal(JournalOutcome.Committed, Append(Records.Append("anna", 1)).Outcome);
        Assert.Null(_storage.Journal.Fault);
    }

    [Fact]
    public async Task Lost_acknowledgement_is_stored_and_fences_the_repetition()
    {
        _storage.LoseNextAcknowledgement(new TimeoutException("No answer."));

        Assert.Equal(JournalOutcome.Failed, Append(Records.Append("anna", 1)).Outcome);

        Assert.Equal(1, (await _storage.Customers.LoadAsync("anna"))!.JournalSequence);
        Assert.Equal(JournalOutcome.Fenced, Append(Records.Append("anna", 1)).Outcome);
    }

    [Fact]
    public void Held_appends_commit_in_order_when_let_go()
    {
        _storage.HoldAppends = true;
        var first = Append(Records.Append("anna", 1));
        var second = Append(Records.Append("anna", 2, 1, 0, first));
        Assert.Equal((JournalOutcome.Pending, JournalOutcome.Pending, 2), (first.Outcome, second.Outcome, _storage.HeldAppends));

        _storage.HoldAppends = false;

        Assert.Equal((JournalOutcome.Committed, JournalOutcome.Committed, 0), (first.Outcome, second.Outcome, _storage.HeldAppends));
        Assert.True(first.Completion.IsCompleted && second.Completion.IsCompleted);
        Assert.True(second.CustomerKey > 0);
    }

    [Fact]
    public async Task Snapshot_error_fails_loads_and_checkpoints_until_it_is_taken_away()
    {
        var key = Append(Records.Append("anna", 1)).CustomerKey;
        _storage.SnapshotError = new IOException("Gone.");

        await Assert.ThrowsAsync<IOException>(() => _storage.Customers.LoadAsync("anna").AsTask());
        await Assert.ThrowsAsync<IOException>(() => _storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1)]));

        _storage.SnapshotError = null;
        Assert.NotNull(await _storage.Customers.LoadAsync("anna"));
    }

    private JournalAppend Append(JournalAppend append)
    {
        Assert.Equal(AppendResult.Queued, _storage.Journal.TryAppend(append));
        return append;
    }
}
