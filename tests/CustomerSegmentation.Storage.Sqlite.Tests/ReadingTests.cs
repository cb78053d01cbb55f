using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class ReadingTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private SqliteStorage _storage = null!;

    public async Task InitializeAsync() =>
        _storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = _folder.DatabasePath }, TimeProvider.System);

    public async Task DisposeAsync()
    {
        await _storage.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Load_completes_on_the_callers_thread()
    {
        var append = Records.Append("anna", 1);
        _storage.Journal.TryAppend(append);
        await append.Completion;

        Assert.True(_storage.Customers.LoadAsync("anna").IsCompletedSuccessfully);
        Assert.True(_storage.Customers.LoadAsync("nobody").IsCompletedSuccessfully);
    }

    [Fact]
    public void Load_of_an_unknown_id_allocates_nothing()
    {
        const int calls = 1000;
        for (var i = 0; i < calls; i++)
        {
            _ = _storage.Customers.LoadAsync("nobody");
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < calls; i++)
        {
            _ = _storage.Customers.LoadAsync("nobody");
        }

        // The pool's stack allocates a node when a connection comes back.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / calls, 0, 64);
    }

    [Fact]
    public async Task Append_allocates_nothing_of_its_own()
    {
        const int warm = 16_384;
        const int measured = 20_000;
        var appends = Enumerable.Range(1, warm + measured).Select(i => Records.Append("anna", i)).ToArray();
        foreach (var append in appends[..warm])
        {
            _storage.Journal.TryAppend(append);
        }

        await Task.WhenAll(appends[..warm].Select(a => a.Completion));
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var append in appends[warm..])
        {
            _storage.Journal.TryAppend(append);
        }

        var perAppend = (GC.GetAllocatedBytesForCurrentThread() - before) / measured;
        await Task.WhenAll(appends[warm..].Select(a => a.Completion));

        // Less than the smallest task: what remains are commit groups, which are used again.
        Assert.InRange(perAppend, 0, 40);
    }

    [Fact]
    public async Task Reads_go_on_while_a_long_scan_is_open_and_the_writer_writes()
    {
        foreach (var id in (string[])["anna", "ben"])
        {
            var append = Records.Append(id, 1);
            _storage.Journal.TryAppend(append);
            await append.Completion;
        }

        var scans = Enumerable.Range(0, 50).Select(_ => _storage.Journal.ScanAsync().GetAsyncEnumerator()).ToArray();
        foreach (var scan in scans)
        {
            Assert.True(await scan.MoveNextAsync());
        }

        var next = Records.Append("cleo", 1);
        _storage.Journal.TryAppend(next);
        await next.Completion;

        Assert.NotNull(await _storage.Customers.LoadAsync("cleo"));
        foreach (var scan in scans)
        {
            await scan.DisposeAsync();
        }
    }
}
