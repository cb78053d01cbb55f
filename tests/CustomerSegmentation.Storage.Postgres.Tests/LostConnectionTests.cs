using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Postgres.Tests.Server;
using CustomerSegmentation.Storage.TestKit;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Tests;

public sealed class LostConnectionTests : IAsyncLifetime
{
    private TestSchema _schema = null!;
    private FaultyLink _link = null!;

    public async Task InitializeAsync()
    {
        _schema = await TestSchema.CreateAsync();
        _link = new FaultyLink(_schema.ConnectionString);
    }

    public async Task DisposeAsync()
    {
        await _link.DisposeAsync();
        await _schema.DisposeAsync();
    }

    [Theory]
    [InlineData(LinkFault.AfterCommit)]
    [InlineData(LinkFault.BeforeCommit)]
    internal async Task Append_whose_commit_lost_its_connection_is_committed_once_and_told_so(LinkFault fault)
    {
        await using var storage = await _schema.OpenAsync(connectionString: _link.ConnectionString);
        var key = await AppendAsync(storage, Records.Append("anna", 1));
        _link.BreakNextExchange(fault);

        await AppendAsync(storage, Records.Append("anna", 2, 3, key));
        await AppendAsync(storage, Records.Append("anna", 5, 1, key));

        Assert.Equal(1, _link.Faults);
        Assert.Null(storage.Journal.Fault);
        Assert.Equal([1L, 2L, 5L], await SequencesAsync(storage, "anna"));
    }

    [Theory]
    [InlineData(LinkFault.AfterCommit)]
    [InlineData(LinkFault.BeforeCommit)]
    internal async Task Append_of_a_new_customer_whose_commit_lost_its_connection_is_committed_once_and_told_so(LinkFault fault)
    {
        await using var storage = await _schema.OpenAsync(connectionString: _link.ConnectionString);
        _link.BreakNext(fault);

        var key = await AppendAsync(storage, Records.Append("anna", 1));
        await AppendAsync(storage, Records.Append("anna", 2, 1, key));

        Assert.Equal(1, _link.Faults);
        Assert.Equal([1L, 2L], await SequencesAsync(storage, "anna"));
    }

    [Theory]
    [InlineData(LinkFault.AfterCommit)]
    [InlineData(LinkFault.BeforeCommit)]
    internal async Task Write_whose_commit_lost_its_connection_is_done_once(LinkFault fault)
    {
        await using var storage = await _schema.OpenAsync(connectionString: _link.ConnectionString);
        var key = await AppendAsync(storage, Records.Append("anna", 1));
        _link.BreakNext(fault);

        var changes = await storage.Customers.CheckpointAsync([Records.Checkpoint("anna", key, 1, Records.Assignment("loyal"), 5)]);

        Assert.Equal(1, _link.Faults);
        Assert.Equal(("loyal", 1L), changes.Deltas.Select(d => (d.Key, d.Customers)).Single());
        Assert.Equal((1L, 1L), ((await storage.Profiles.GetTotalsAsync()).Segments.Sum(s => s.Customers), (await storage.Profiles.GetTotalsAsync()).Revision));
    }

    [Fact(Timeout = 60_000)]
    public async Task Append_that_the_server_refuses_in_the_commit_itself_fails()
    {
        await using var storage = await _schema.OpenAsync();
        var key = await AppendAsync(storage, Records.Append("anna", 1));
        await _schema.ExecuteAsync($"""
            CREATE FUNCTION {_schema.Name}.refuse() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN RAISE 'not today'; END$$;
            CREATE CONSTRAINT TRIGGER late AFTER INSERT ON {_schema.Name}.journal DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION {_schema.Name}.refuse()
            """);
        var refused = Records.Append("anna", 2, 1, key);
        storage.Journal.TryAppend(refused);
        await refused.Completion;

        Assert.Equal(JournalOutcome.Failed, refused.Outcome);
        Assert.Contains("not today", refused.Error!.Message, StringComparison.Ordinal);

        await _schema.ExecuteAsync($"DROP TRIGGER late ON {_schema.Name}.journal");
        while (storage.Journal.Fault is not null)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System);
        }

        await AppendAsync(storage, Records.Append("anna", 2, 1, key));
        Assert.Equal([1L, 2L], await SequencesAsync(storage, "anna"));
    }

    [Fact]
    public async Task Append_sees_what_was_committed_before_it_whatever_isolation_is_the_default()
    {
        var target = new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { Options = "-c default_transaction_isolation=serializable" };
        await using var storage = await _schema.OpenAsync(connectionString: target.ConnectionString);
        var key = await AppendAsync(storage, Records.Append("anna", 1));
        await _schema.ExecuteAsync($"""
            CREATE FUNCTION {_schema.Name}.refuse() RETURNS trigger LANGUAGE plpgsql AS
              $$BEGIN IF current_setting('transaction_isolation') <> 'read committed' THEN RAISE 'not so'; END IF; RETURN NEW; END$$;
            CREATE TRIGGER isolation BEFORE INSERT ON {_schema.Name}.journal FOR EACH ROW EXECUTE FUNCTION {_schema.Name}.refuse()
            """);

        await AppendAsync(storage, Records.Append("anna", 2, 1, key));

        Assert.Equal([1L, 2L], await SequencesAsync(storage, "anna"));
    }

    [Fact]
    public async Task Write_fails_when_the_server_is_away_for_longer_than_it_may_take()
    {
        await using var storage = await _schema.OpenAsync(commitTimeoutMs: 300, connectionString: _link.ConnectionString);
        _link.TakeDown();

        var error = await Assert.ThrowsAsync<PostgresStorageException>(() => storage.Customers.EraseAsync(["anna"]));

        Assert.Equal(PostgresFault.Unreachable, error.Fault);
        _link.Restore();
    }

    [Fact]
    public async Task Connections_ended_by_the_server_are_opened_again_and_nothing_acknowledged_is_lost()
    {
        await using var storage = await _schema.OpenAsync();
        var (acknowledged, last) = (0L, (JournalAppend?)null);
        for (var round = 0; round < 6; round++)
        {
            var appends = new List<JournalAppend>();
            for (var i = 0; i < 50; i++)
            {
                var first = (last?.FirstSequence ?? 0) + 1;
                appends.Add(last = Records.Append("anna", first, 1, 0, last));
                Assert.Equal(AppendResult.Queued, storage.Journal.TryAppend(last));
            }

            await _schema.TerminateAsync();
            await Task.WhenAll(appends.Select(a => a.Completion));
            Assert.All(appends, a => Assert.Equal(JournalOutcome.Committed, a.Outcome));
            acknowledged += appends.Count;
        }

        Assert.Equal(Enumerable.Range(1, (int)acknowledged).Select(i => (long)i), await SequencesAsync(storage, "anna"));
        Assert.Null(storage.Journal.Fault);
    }

    [Fact]
    public async Task Server_away_for_longer_than_a_commit_may_take_fails_what_is_queued_and_writing_resumes_by_itself()
    {
        await using var storage = await _schema.OpenAsync(commitTimeoutMs: 300, connectionString: _link.ConnectionString);
        var key = await AppendAsync(storage, Records.Append("anna", 1));
        _link.TakeDown();
        var failed = Records.Append("anna", 2, 1, key);
        storage.Journal.TryAppend(failed);
        await failed.Completion;

        Assert.Equal(JournalOutcome.Failed, failed.Outcome);
        Assert.NotNull(failed.Error);
        Assert.Contains("does not answer", storage.Journal.Fault, StringComparison.Ordinal);
        Assert.Equal(AppendResult.Broken, storage.Journal.TryAppend(Records.Append("anna", 3, 1, key, failed)));

        _link.Restore();
        await AppendAsync(storage, Records.Append("anna", 2, 1, key));
        Assert.Null(storage.Journal.Fault);
        Assert.Equal([1L, 2L], await SequencesAsync(storage, "anna"));
    }

    [Fact(Timeout = 60_000)]
    public async Task Fault_of_a_lost_connection_goes_without_another_write_when_the_server_is_back()
    {
        await using var storage = await _schema.OpenAsync(commitTimeoutMs: 100, connectionString: _link.ConnectionString, reconnectDelayMsMax: 20);
        _link.TakeDown();
        var failed = Records.Append("anna", 1);
        storage.Journal.TryAppend(failed);
        await failed.Completion;
        Assert.NotNull(storage.Journal.Fault);

        _link.Restore();

        while (storage.Journal.Fault is not null)
        {
            await Task.Yield();
        }
    }

    [Fact(Timeout = 60_000)]
    public async Task Fault_of_commits_that_the_server_refuses_goes_without_another_write_when_it_takes_them()
    {
        await using var storage = await _schema.OpenAsync(reconnectDelayMsMax: 20);
        await _schema.ExecuteAsync($"ALTER TABLE {_schema.Name}.writer RENAME TO away");
        var failed = Records.Append("anna", 1);
        storage.Journal.TryAppend(failed);
        await failed.Completion;
        Assert.Equal(JournalOutcome.Failed, failed.Outcome);
        Assert.NotNull(storage.Journal.Fault);

        await _schema.ExecuteAsync($"ALTER TABLE {_schema.Name}.away RENAME TO writer");

        while (storage.Journal.Fault is not null)
        {
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Reads_survive_connections_that_the_server_ended()
    {
        await using var storage = await _schema.OpenAsync();
        await AppendAsync(storage, Records.Append("anna", 1));
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => storage.Customers.LoadAsync("anna").AsTask()));

        await _schema.TerminateAsync();

        Assert.Equal(1, (await storage.Customers.LoadAsync("anna"))!.JournalSequence);
    }

    private static async Task<long> AppendAsync(PostgresStorage storage, JournalAppend append)
    {
        Assert.Equal(AppendResult.Queued, storage.Journal.TryAppend(append));
        await append.Completion;
        Assert.Equal(JournalOutcome.Committed, append.Outcome);
        return append.CustomerKey;
    }

    private static async Task<List<long>> SequencesAsync(PostgresStorage storage, string customerId)
    {
        var sequences = new List<long>();
        await foreach (var record in storage.Journal.ReadAsync(customerId, 0))
        {
            sequences.Add(record.FirstSequence);
        }

        return sequences;
    }
}
