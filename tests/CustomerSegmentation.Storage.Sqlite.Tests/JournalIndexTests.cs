using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

/// <summary>The index is filled behind the journal, and nobody can tell.</summary>
public sealed class JournalIndexTests : IDisposable
{
    private const int UnindexedRecordsMax = 100;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Index_follows_the_journal_by_at_most_two_lists()
    {
        await using var storage = await OpenAsync();
        for (var sequence = 1; sequence <= 500; sequence++)
        {
            await AppendAsync(storage, $"customer-{sequence % 7}", 1 + sequence / 7);
            Assert.InRange(sequence - Indexed(), 0, 2 * UnindexedRecordsMax);
        }

        Assert.InRange(Indexed(), 300, 500);
    }

    [Fact]
    public async Task Entries_are_written_in_the_order_of_their_key_so_that_neighbours_share_pages()
    {
        var before = 0L;
        var pages = new List<long>();
        foreach (var unindexed in (int[])[1, 20_000])
        {
            using var folder = new TemporaryFolder();
            await using var storage = await SqliteStorage.OpenAsync(
                new SqliteStorageOptions { Path = folder.DatabasePath, UnindexedRecordsMax = unindexed, WriteAheadLogBytes = 1L << 30 }, TimeProvider.System);
            var random = new Random(3);
            var keys = new long[5_000];
            for (var round = 1; round <= 12; round++)
            {
                var appends = Enumerable.Range(0, keys.Length).OrderBy(_ => random.Next()).Select(i => new JournalAppend($"{i}", keys[i], round, 1, new byte[20], 0, 0)).ToList();
                foreach (var group in appends.Chunk(50))
                {
                    Assert.All(group, a => Assert.Equal(AppendResult.Queued, storage.Journal.TryAppend(a)));
                    await Task.WhenAll(group.Select(a => a.Completion));
                }

                appends.ForEach(a => keys[int.Parse(a.CustomerId)] = a.CustomerKey);
                before = round == 6 ? LogBytes(folder) : before;
            }

            pages.Add((LogBytes(folder) - before) / Settings.PageBytes);
        }

        Assert.InRange(pages[1], 1, pages[0] / 3);
    }

    [Fact]
    public async Task Crash_leaves_records_out_of_the_index_and_the_next_start_enters_them()
    {
        await using (var storage = await OpenAsync())
        {
            for (var sequence = 1; sequence <= 150; sequence++)
            {
                await AppendAsync(storage, "anna", sequence);
            }

            Assert.InRange(Indexed(), 0, 149);
            _folder.CopyDatabase();
        }

        await using var reopened = await OpenAsync();

        Assert.Equal(150, Indexed());
        Assert.Equal(150, (await reopened.Customers.LoadAsync("anna"))!.JournalSequence);
        Assert.Equal(Enumerable.Range(1, 150).Select(i => (long)i), await ReadAsync(reopened, "anna"));
        Assert.Equal(JournalOutcome.Fenced, await AppendAsync(reopened, "anna", 150));
        Assert.Equal(JournalOutcome.Committed, await AppendAsync(reopened, "anna", 151));
    }

    [Fact]
    public async Task Reads_during_the_filling_miss_nothing_and_give_nothing_twice()
    {
        await using var storage = await OpenAsync();
        var end = false;
        var reading = Task.Run(async () =>
        {
            var rounds = 0;
            for (; !Volatile.Read(ref end) || rounds == 0; rounds++)
            {
                var known = (await storage.Customers.LoadAsync("anna"))?.JournalSequence ?? 0;
                foreach (var read in new[] { await ReadAsync(storage, "anna"), await ScanAsync(storage, "anna") })
                {
                    Assert.Equal(Enumerable.Range(1, read.Count).Select(i => (long)i), read);
                    Assert.InRange(read.Count, known, long.MaxValue);
                }
            }

            return rounds;
        });
        for (var sequence = 1; sequence <= 1_500; sequence++)
        {
            await Task.WhenAll(AppendAsync(storage, "anna", sequence), AppendAsync(storage, "ben", sequence));
        }

        Volatile.Write(ref end, true);
        Assert.InRange(await reading, 1, int.MaxValue);
    }

    [Theory]
    [InlineData(30)]
    [InlineData(130)]
    [InlineData(190)]
    [InlineData(210)]
    public async Task Erasure_finds_records_wherever_they_lie_and_leaves_no_entry(int appends)
    {
        await using var storage = await OpenAsync();
        for (var sequence = 1; sequence <= appends; sequence++)
        {
            await AppendAsync(storage, sequence % 2 == 0 ? "anna" : "ben", (sequence + 1) / 2);
        }

        var key = (await storage.Customers.LoadAsync("anna"))!.Key;
        Assert.Equal(appends / 2, (await storage.Customers.EraseAsync(["anna"])).Events);

        Assert.Equal(0, Count($"journal WHERE customer = {key}"));
        for (var sequence = (appends + 1) / 2 + 1; sequence <= 400; sequence++)
        {
            await AppendAsync(storage, "ben", sequence);
        }

        Assert.Equal(0, Count($"journal_index WHERE customer = {key}"));
        Assert.Equal(400, (await ScanAsync(storage, "ben")).Count);
    }

    [Fact]
    public async Task Old_records_of_a_quiet_shop_are_removed_although_it_never_fills_a_list()
    {
        await using var storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = _folder.DatabasePath }, TimeProvider.System);
        var append = Records.Append("anna", 1, 2);
        storage.Journal.TryAppend(append);
        await append.Completion;
        await storage.Customers.CheckpointAsync([Records.Checkpoint("anna", append.CustomerKey, 2)]);

        var trimmed = await storage.Journal.TrimAsync(new JournalTrim(long.MaxValue, 0, 10));

        Assert.Equal((1, 2), (trimmed.Records, trimmed.Events));
        Assert.Equal((0, 0), (Count("journal"), Count("journal_index")));
        Assert.Equal(JournalOutcome.Fenced, await AppendAsync(storage, "anna", 2));
        Assert.Equal(JournalOutcome.Committed, await AppendAsync(storage, "anna", 3));
    }

    [Fact]
    public async Task Group_that_fails_leaves_no_record_in_the_list_and_its_numbers_free()
    {
        await using var storage = await SqliteStorage.OpenAsync(
            new SqliteStorageOptions { Path = _folder.DatabasePath, DatabaseBytesMax = 1 << 20, UnindexedRecordsMax = UnindexedRecordsMax }, TimeProvider.System);
        await AppendAsync(storage, "anna", 1);
        var tooLarge = new JournalAppend("anna", 0, 2, 1, new byte[2 << 20], 0, 0);
        storage.Journal.TryAppend(tooLarge);
        await tooLarge.Completion;

        Assert.Equal(JournalOutcome.Failed, tooLarge.Outcome);
        Assert.Equal(1, (await storage.Customers.LoadAsync("anna"))!.JournalSequence);
        Assert.Equal(JournalOutcome.Committed, await AppendAsync(storage, "anna", 2));
        Assert.Equal([1L, 2L], await ReadAsync(storage, "anna"));
    }

    [Fact]
    public async Task Group_that_fails_takes_back_what_it_entered_and_the_next_ones_enter_it()
    {
        var options = new SqliteStorageOptions { Path = _folder.DatabasePath, DatabaseBytesMax = 1 << 20, UnindexedRecordsMax = UnindexedRecordsMax };
        await using (var storage = await SqliteStorage.OpenAsync(options, TimeProvider.System))
        {
            for (var sequence = 1; sequence <= 400; sequence++)
            {
                Assert.Equal(JournalOutcome.Committed, await AppendAsync(storage, "anna", sequence));
                if (sequence % 10 == 5)
                {
                    var tooLarge = new JournalAppend("ben", 0, 1, 1, new byte[2 << 20], 0, 0);
                    storage.Journal.TryAppend(tooLarge);
                    await tooLarge.Completion;
                    Assert.Equal(JournalOutcome.Failed, tooLarge.Outcome);
                }
            }
        }

        await using var reopened = await SqliteStorage.OpenAsync(options, TimeProvider.System);
        Assert.Equal(400, Indexed());
        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), await ReadAsync(reopened, "anna"));
    }

    [Fact]
    public async Task Connection_that_is_opened_anew_enters_what_is_left_and_keeps_the_fence()
    {
        await using var storage = await OpenAsync();
        for (var sequence = 1; sequence <= 150; sequence++)
        {
            await AppendAsync(storage, "anna", sequence);
        }

        Assert.InRange(Indexed(), 0, 149);

        // Whatever the writer does not know ends its connection.
        await Assert.ThrowsAnyAsync<Exception>(() => storage.Customers.EraseAsync([null!]));
        Assert.Equal(JournalOutcome.Fenced, await AppendAsync(storage, "anna", 150));

        Assert.Equal(150, Indexed());
        for (var sequence = 151; sequence <= 400; sequence++)
        {
            Assert.Equal(JournalOutcome.Committed, await AppendAsync(storage, "anna", sequence));
        }

        Assert.Equal(Enumerable.Range(1, 400).Select(i => (long)i), await ReadAsync(storage, "anna"));
    }

    private Task<SqliteStorage> OpenAsync() => SqliteStorage.OpenAsync(
        new SqliteStorageOptions { Path = _folder.DatabasePath, UnindexedRecordsMax = UnindexedRecordsMax }, TimeProvider.System);

    private static async Task<JournalOutcome> AppendAsync(SqliteStorage storage, string id, long sequence)
    {
        var append = Records.Append(id, sequence);
        storage.Journal.TryAppend(append);
        await append.Completion;
        return append.Outcome;
    }

    private static async Task<List<long>> ReadAsync(SqliteStorage storage, string id)
    {
        var sequences = new List<long>();
        await foreach (var record in storage.Journal.ReadAsync(id, 0))
        {
            sequences.Add(record.FirstSequence);
        }

        return sequences;
    }

    private static async Task<List<long>> ScanAsync(SqliteStorage storage, string id)
    {
        var sequences = new List<long>();
        await foreach (var record in storage.Journal.ScanAsync(JournalRange.All))
        {
            if (record.CustomerId == id)
            {
                sequences.Add(record.FirstSequence);
            }
        }

        return sequences;
    }

    private long Indexed() => Count("journal_index");

    private long Count(string rows)
    {
        using var database = Database.Open(_folder.DatabasePath, write: false);
        return database.ExecuteScalar($"SELECT count(*) FROM {rows}");
    }

    private static long LogBytes(TemporaryFolder folder) => new FileInfo($"{folder.DatabasePath}-wal").Length;
}
