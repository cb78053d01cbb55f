using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class FullDiskTests
{
    [Fact]
    public async Task Full_database_fails_appends_with_advice_and_resumes_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        await using var storage = await SqliteStorage.OpenAsync(
            new SqliteStorageOptions { Path = folder.DatabasePath, DatabaseBytesMax = 1 << 20 }, new HeldTime());
        var payload = new byte[100_000];
        JournalAppend append;
        var committed = 0;
        do
        {
            append = new JournalAppend("anna", 0, committed + 1, 1, payload, 0, 0);
            Assert.Equal(AppendResult.Queued, storage.Journal.TryAppend(append));
            await append.Completion;
            committed += append.Outcome == JournalOutcome.Committed ? 1 : 0;
        }
        while (append.Outcome == JournalOutcome.Committed && committed < 100);

        Assert.Equal(JournalOutcome.Failed, append.Outcome);
        Assert.Equal(SqliteFault.Full, Assert.IsType<SqliteStorageException>(append.Error).Fault);
        Assert.Contains("has no room left", storage.Journal.Fault!, StringComparison.Ordinal);
        Assert.Equal(committed, (await storage.Customers.LoadAsync("anna"))!.JournalSequence);

        await storage.Customers.EraseAsync(["anna"]);
        var next = Records.Append("ben", 1);
        storage.Journal.TryAppend(next);
        await next.Completion;

        Assert.Equal(JournalOutcome.Committed, next.Outcome);
        Assert.Null(storage.Journal.Fault);
    }

    [Fact]
    public async Task Erasure_that_finds_no_room_for_its_last_id_erases_none_of_them()
    {
        using var folder = new TemporaryFolder();
        var options = new SqliteStorageOptions { Path = folder.DatabasePath, DatabaseBytesMax = 1 << 20 };
        await using var storage = await SqliteStorage.OpenAsync(options, TimeProvider.System);
        foreach (var id in new[] { "anna", "tablet" })
        {
            var append = Records.Append(id, 1, 2);
            storage.Journal.TryAppend(append);
            await append.Completion;
        }

        // Tombstones of so many ids do not fit.
        string[] ids = ["anna", "tablet", .. Enumerable.Range(0, 40_000).Select(i => $"phone-{i}")];
        var error = await Assert.ThrowsAsync<SqliteStorageException>(() => storage.Customers.EraseAsync(ids));

        Assert.Equal(SqliteFault.Full, error.Fault);
        Assert.Equal(2, (await storage.Customers.LoadAsync("anna"))!.JournalSequence);
        Assert.Equal(2, (await storage.Customers.LoadAsync("tablet"))!.JournalSequence);
        Assert.Null(await storage.Customers.LoadAsync("phone-0"));

        Assert.Equal(4, (await storage.Customers.EraseAsync(["anna", "tablet"])).Events);
        Assert.True((await storage.Customers.LoadAsync("tablet"))!.Erased);
    }

    [Fact(Timeout = 60_000)]
    public async Task Fault_of_a_full_database_goes_without_another_append_when_there_is_room()
    {
        using var folder = new TemporaryFolder();
        var time = new HeldTime();
        await using var storage = await SqliteStorage.OpenAsync(
            new SqliteStorageOptions { Path = folder.DatabasePath, DatabaseBytesMax = 1 << 20 }, time);
        var first = Records.Append("anna", 1);
        storage.Journal.TryAppend(first);
        await first.Completion;
        var tooLarge = new JournalAppend("ben", 0, 1, 1, new byte[2 << 20], 0, 0);
        storage.Journal.TryAppend(tooLarge);
        await tooLarge.Completion;
        Assert.Equal(JournalOutcome.Failed, tooLarge.Outcome);
        Assert.NotNull(storage.Journal.Fault);

        time.Advance(TimeSpan.FromMinutes(1));

        while (storage.Journal.Fault is not null)
        {
            await Task.Yield();
        }
    }

    /// <summary>A clock that moves when it is told to: until then a fault stays.</summary>
    private sealed class HeldTime : TimeProvider
    {
        private long _timestamp = 1;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Interlocked.Read(ref _timestamp);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _timestamp, by.Ticks);
    }
}
