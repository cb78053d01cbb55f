using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class LogCopierTests : IAsyncLifetime
{
    private const int LogBytes = 1 << 20;
    private const int PayloadBytes = 50_000;

    private readonly TemporaryFolder _folder = new();
    private SqliteStorage _storage = null!;
    private int _committed;

    public async Task InitializeAsync() => _storage = await OpenAsync();

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Log_stays_bounded_while_it_is_written_all_the_time()
    {
        var longest = 0L;
        for (var i = 0; i < 600; i++)
        {
            await AppendAsync();
            longest = Math.Max(longest, LogLength);
        }

        Assert.InRange(longest, LogBytes, 3 * LogBytes);
        Assert.InRange(new FileInfo(_folder.DatabasePath).Length, 600 * PayloadBytes - 3 * LogBytes, long.MaxValue);
        await _storage.DisposeAsync();
        _storage = await OpenAsync();
        Assert.Equal(600, (await _storage.Customers.LoadAsync("anna"))!.JournalSequence);
    }

    [Fact]
    public async Task Log_that_a_reader_held_back_is_copied_when_the_reader_has_gone()
    {
        using var reader = Database.Open(_folder.DatabasePath, write: false);
        reader.Execute("BEGIN");
        Assert.Equal(0, reader.ExecuteScalar("SELECT count(*) FROM journal"));
        for (var i = 0; i < 200; i++)
        {
            await AppendAsync();
        }

        Assert.InRange(LogLength, 200 * PayloadBytes, long.MaxValue);
        reader.Execute("COMMIT");

        // At its limit the log starts anew, and its file is cut to what it may reach.
        for (var i = 0; i < 1_000 && LogLength > 2 * LogBytes; i++)
        {
            await AppendAsync();
        }

        Assert.InRange(LogLength, 0, 2 * LogBytes);
    }

    private long LogLength => new FileInfo(_folder.DatabasePath + "-wal").Length;

    private Task<SqliteStorage> OpenAsync() => SqliteStorage.OpenAsync(
        new SqliteStorageOptions { Path = _folder.DatabasePath, WriteAheadLogBytes = LogBytes }, TimeProvider.System);

    private async Task AppendAsync()
    {
        var append = new JournalAppend("anna", 0, ++_committed, 1, new byte[PayloadBytes], 0, 0);
        _storage.Journal.TryAppend(append);
        await append.Completion;
        Assert.Equal(JournalOutcome.Committed, append.Outcome);
    }
}
