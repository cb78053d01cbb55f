using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.TestKit;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Tests;

/// <summary>Two storages on one schema, as two processes would be.</summary>
public sealed class SharedSchemaTests : IAsyncLifetime
{
    private TestSchema _schema = null!;
    private PostgresStorage _first = null!;
    private PostgresStorage _second = null!;

    public async Task InitializeAsync()
    {
        _schema = await TestSchema.CreateAsync();
        _first = await _schema.OpenAsync();
        _second = await _schema.OpenAsync();
    }

    public async Task DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _schema.DisposeAsync();
    }

    [Fact]
    public async Task Two_writers_of_one_customer_fence_each_other()
    {
        var mine = await AppendAsync(_first, Records.Append("anna", 1));
        var theirs = await AppendAsync(_second, Records.Append("anna", 1, 2));
        var next = await AppendAsync(_second, Records.Append("anna", 2));
        var late = await AppendAsync(_first, Records.Append("anna", 2, 1, mine.CustomerKey));

        Assert.Equal(
            [JournalOutcome.Committed, JournalOutcome.Fenced, JournalOutcome.Committed, JournalOutcome.Fenced],
            new[] { mine, theirs, next, late }.Select(a => a.Outcome));
        Assert.Equal(mine.CustomerKey, next.CustomerKey);
        Assert.Equal(2, (await _first.Customers.LoadAsync("anna"))!.JournalSequence);
    }

    [Fact]
    public async Task Writers_racing_for_the_same_sequence_numbers_commit_each_once()
    {
        var pairs = new List<(JournalAppend, JournalAppend)>();
        for (var i = 0; i < 300; i++)
        {
            var (a, b) = (Records.Append($"customer-{i % 40}", 1 + i / 40), Records.Append($"customer-{(299 - i) % 40}", 1 + (299 - i) / 40));
            pairs.Add((a, b));
            Assert.Equal(AppendResult.Queued, _first.Journal.TryAppend(a));
            Assert.Equal(AppendResult.Queued, _second.Journal.TryAppend(b));
        }

        await Task.WhenAll(pairs.SelectMany(p => new[] { p.Item1.Completion, p.Item2.Completion }));

        var all = pairs.SelectMany(p => new[] { p.Item1, p.Item2 }).ToArray();
        Assert.All(all, a => Assert.Contains(a.Outcome, (JournalOutcome[])[JournalOutcome.Committed, JournalOutcome.Fenced]));
        Assert.Equal(300, all.Count(a => a.Outcome == JournalOutcome.Committed));
        Assert.All(all.GroupBy(a => (a.CustomerId, a.FirstSequence)), g => Assert.Single(g, a => a.Outcome == JournalOutcome.Committed));
    }

    [Fact]
    public async Task Customer_erased_by_one_process_stays_erased_for_the_actor_of_another()
    {
        var append = await AppendAsync(_first, Records.Append("anna", 1));
        Assert.Equal(1, (await _second.Customers.EraseAsync(["anna"])).Events);

        Assert.Equal(JournalOutcome.Fenced, (await AppendAsync(_first, Records.Append("anna", 2, 1, append.CustomerKey))).Outcome);
        Assert.Equal(JournalOutcome.Fenced, (await AppendAsync(_first, Records.Append("anna", 1))).Outcome);
        Assert.Empty((await _first.Customers.CheckpointAsync([Records.Checkpoint("anna", append.CustomerKey, 2)])).Deltas);
        Assert.True((await _first.Customers.LoadAsync("anna"))!.Erased);
    }

    [Fact]
    public async Task Totals_add_up_when_two_processes_write_the_same_rows()
    {
        var ids = Enumerable.Range(0, 20).Select(i => $"customer-{i}").ToArray();
        var keys = new Dictionary<string, long>();
        foreach (var id in ids)
        {
            keys[id] = (await AppendAsync(_first, Records.Append(id, 1))).CustomerKey;
        }

        await Task.WhenAll(Enumerable.Range(0, 10).SelectMany(round => new[]
        {
            _first.Customers.CheckpointAsync([.. ids.Select(id => Records.Checkpoint(id, keys[id], 1, Records.Assignment("a"), round))]),
            _second.Customers.CheckpointAsync([.. ids.Reverse().Select(id => Records.Checkpoint(id, keys[id], 1, Records.Assignment("b"), round + 0.5))]),
        }));

        var rows = await _first.Profiles.ListAsync(null, null, 100);
        var totals = await _second.Profiles.GetTotalsAsync();
        Assert.Equal(20, rows.Count);
        Assert.Equal(
            rows.GroupBy(r => r.Segment!).Select(g => (g.Key, g.LongCount(), g.Sum(r => r.Monetary))).Order(),
            totals.Segments.Where(s => s.Customers > 0).Select(s => (s.Key, s.Customers, s.Monetary)).Order());
        Assert.Equal(20, totals.Revision);
    }

    [Fact]
    public async Task Process_that_runs_is_not_taken_for_one_that_crashed()
    {
        await AppendAsync(_first, Records.Append("anna", 1));
        await using var third = await _schema.OpenAsync();

        await foreach (var id in third.Customers.FindStaleAsync())
        {
            Assert.Fail($"{id} is said to be stale");
        }
    }

    [Fact]
    public async Task Erasure_waits_for_the_commit_groups_of_other_processes()
    {
        await AppendAsync(_first, Records.Append("anna", 1));
        await using var group = await HoldAsync("pg_advisory_xact_lock_shared");

        var erasure = _first.Customers.EraseAsync(["anna"]);

        await WaitForWaiterAsync(erasure);
        await group.DisposeAsync();
        Assert.Equal(1, (await erasure).Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Commit_group_waits_for_an_erasure_of_another_process(bool isNew)
    {
        var key = (await AppendAsync(_first, Records.Append("anna", 1))).CustomerKey;
        await using var erasure = await HoldAsync("pg_advisory_xact_lock");

        var append = isNew ? Records.Append("ben", 1) : Records.Append("anna", 2, 1, key);
        _first.Journal.TryAppend(append);

        await WaitForWaiterAsync(append.Completion);
        await erasure.DisposeAsync();
        await append.Completion;
        Assert.Equal(JournalOutcome.Committed, append.Outcome);
    }

    [Fact]
    public async Task Removal_of_old_records_waits_for_the_commit_groups_of_other_processes()
    {
        var key = (await AppendAsync(_first, Records.Append("anna", 1))).CustomerKey;
        await _first.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1)]);
        await using var group = await HoldAsync("pg_advisory_xact_lock_shared");

        var removal = _first.Journal.TrimAsync(new JournalTrim(long.MaxValue, 0, 10));

        await WaitForWaiterAsync(removal);
        await group.DisposeAsync();
        Assert.Equal(1, (await removal).Records);
    }

    [Fact]
    public async Task Old_records_that_two_processes_remove_at_once_go_once_and_leave_their_numbers_taken()
    {
        var customers = new Dictionary<string, long>();
        foreach (var id in Enumerable.Range(0, 100).Select(i => $"customer-{i}"))
        {
            customers[id] = (await AppendAsync(_first, Records.Append(id, 1))).CustomerKey;
            await AppendAsync(_first, Records.Append(id, 2, 1, customers[id]));
        }

        await _first.Customers.CheckpointAsync([.. customers.Select(c => Records.Checkpoint(c.Key, c.Value, 2))]);

        var passes = await Task.WhenAll(new[] { _first, _second, _first, _second }.Select(s => s.Journal.TrimAsync(new JournalTrim(long.MaxValue, 0, 1_000))));

        Assert.Equal((200, 200), (passes.Sum(p => p.Records), passes.Sum(p => p.Events)));
        Assert.Equal(0L, await _schema.ExecuteAsync($"SELECT count(*) FROM {_schema.Name}.journal"));
        foreach (var (id, key) in customers)
        {
            Assert.Equal(JournalOutcome.Fenced, (await AppendAsync(_second, Records.Append(id, 2, 1, key))).Outcome);
            Assert.Equal(JournalOutcome.Committed, (await AppendAsync(_second, Records.Append(id, 3, 1, key))).Outcome);
        }
    }

    [Fact]
    public async Task Rejections_of_two_processes_are_all_listed_once_by_pages()
    {
        for (var i = 0; i < 20; i++)
        {
            _first.Rejections.Append([Records.Rejection($"first {i}")]);
            _second.Rejections.Append([Records.Rejection($"second {i}")]);
        }

        await _second.DisposeAsync();
        var listed = new List<string>();
        var below = long.MaxValue;
        while (await _first.Rejections.ListAsync(below, 7) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(r => r.Reason));
            below = page[^1].Id;
        }

        Assert.Equal(
            Enumerable.Range(0, 20).SelectMany(i => new[] { $"first {i}", $"second {i}" }).Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));
    }

    /// <summary>Holds the lock between erasures and commit groups, as another process would.</summary>
    private async Task<NpgsqlConnection> HoldAsync(string function)
    {
        var connection = new NpgsqlConnection(_schema.AdminConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"BEGIN; SELECT {function}(hashtextextended('{_schema.Name}:erasure', 0))", connection);
        await command.ExecuteNonQueryAsync();
        return connection;
    }

    /// <summary>Returns when somebody waits for an advisory lock; fails when the work ends before anybody does.</summary>
    private async Task WaitForWaiterAsync(Task work)
    {
        const string waiters =
            "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid WHERE l.locktype = 'advisory' AND NOT l.granted AND a.application_name = ";
        while (await _schema.ExecuteAsync($"{waiters}'{_schema.Name}'") is 0L)
        {
            Assert.False(work.IsCompleted, "it did not wait");
        }
    }

    private static async Task<JournalAppend> AppendAsync(PostgresStorage storage, JournalAppend append)
    {
        Assert.Equal(AppendResult.Queued, storage.Journal.TryAppend(append));
        await append.Completion;
        return append;
    }
}
