using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite.Connections;
using CustomerSegmentation.Storage.Sqlite.Schema;
using CustomerSegmentation.Storage.TestKit;

namespace CustomerSegmentation.Storage.Sqlite.Tests;

public sealed class OpeningTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    /// <summary>Takes the database back to the index that was filled with each append.</summary>
    private const string IndexOfVersion4 = """
        DROP TABLE journal_index;
        DELETE FROM meta WHERE name = 'indexed_position';
        CREATE UNIQUE INDEX journal_customer ON journal (customer, first_sequence);
        DELETE FROM schema_version WHERE version >= 5;
        """;

    private string DatabasePath => _folder.DatabasePath;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Schema_of_a_newer_program_is_refused_by_name_and_left_alone()
    {
        await (await OpenAsync()).DisposeAsync();
        Execute($"INSERT INTO schema_version (version, applied) VALUES ({Migrator.CurrentVersion + 1}, 0)");

        var error = await Assert.ThrowsAsync<SqliteStorageException>(OpenAsync);

        Assert.Equal(SqliteFault.NewerSchema, error.Fault);
        Assert.Contains($"schema version {Migrator.CurrentVersion + 1}", error.Message, StringComparison.Ordinal);
        Assert.Contains(DatabasePath, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Database_of_another_program_is_refused()
    {
        Execute("CREATE TABLE other (a); PRAGMA application_id = 7");

        var error = await Assert.ThrowsAsync<SqliteStorageException>(OpenAsync);

        Assert.Contains("another program", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task File_that_is_no_database_is_refused_with_advice()
    {
        await File.WriteAllTextAsync(DatabasePath, new string('x', 10_000));

        var error = await Assert.ThrowsAsync<SqliteStorageException>(OpenAsync);

        Assert.Equal(SqliteFault.Corrupt, error.Fault);
        Assert.Contains("restore it from a backup", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Missing_folder_is_named()
    {
        var error = await Assert.ThrowsAsync<SqliteStorageException>(() => SqliteStorage.OpenAsync(
            new SqliteStorageOptions { Path = Path.Combine(_folder.Path, "missing", "customers.db") }, TimeProvider.System));

        Assert.Contains("missing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_run_once_and_are_written_down()
    {
        await (await OpenAsync()).DisposeAsync();
        await (await OpenAsync()).DisposeAsync();

        using var database = Database.Open(DatabasePath, write: false);
        Assert.Equal(Migrator.CurrentVersion, database.ExecuteScalar("SELECT count(*) FROM schema_version"));
    }

    [Fact]
    public async Task Rows_of_version_2_have_no_embeddings_after_the_migrations()
    {
        await using (var storage = await OpenAsync())
        {
            var append = Records.Append("anna", 1);
            storage.Journal.TryAppend(append);
            await append.Completion;
            await storage.Customers.CheckpointAsync([Records.Checkpoint("anna", append.CustomerKey, 1)]);
        }

        using (var database = Database.Open(DatabasePath, write: true))
        {
            foreach (var column in (string[])["encoder", "embedding", "text_encoder", "text"])
            {
                database.Execute($"ALTER TABLE profile DROP COLUMN {column}");
            }

            database.Execute(IndexOfVersion4);
            database.Execute("DELETE FROM schema_version WHERE version >= 3");
        }

        await using var migrated = await OpenAsync();
        var scan = migrated.Profiles.ScanAsync(10).GetAsyncEnumerator();
        Assert.True(await scan.MoveNextAsync());
        var row = Assert.Single(scan.Current);
        Assert.Equal((0, "", 0, "", 4), (row.Embedding.Length, row.EmbeddingModel, row.Text.Length, row.TextModel, row.Vector.Length));
    }

    [Fact]
    public async Task Records_of_version_4_are_in_the_index_after_the_migration_and_keep_their_fence()
    {
        await using (var storage = await OpenAsync())
        {
            foreach (var append in (JournalAppend[])[Records.Append("anna", 1, 2), Records.Append("ben", 1), Records.Append("anna", 3)])
            {
                storage.Journal.TryAppend(append);
                await append.Completion;
            }
        }

        Execute(IndexOfVersion4);

        await using var migrated = await OpenAsync();
        var records = new List<(string, long)>();
        await foreach (var record in migrated.Journal.ScanAsync())
        {
            records.Add((record.CustomerId, record.FirstSequence));
        }

        Assert.Equal([("anna", 1L), ("anna", 3L), ("ben", 1L)], records);
        Assert.Equal(3, (await migrated.Customers.LoadAsync("anna"))!.JournalSequence);
        var (stale, next) = (Records.Append("anna", 3), Records.Append("anna", 4));
        migrated.Journal.TryAppend(stale);
        migrated.Journal.TryAppend(next);
        await Task.WhenAll(stale.Completion, next.Completion);
        Assert.Equal((JournalOutcome.Fenced, JournalOutcome.Committed), (stale.Outcome, next.Outcome));
    }

    [Fact]
    public async Task Every_statement_prepares_on_the_current_schema()
    {
        await (await OpenAsync()).DisposeAsync();
        using var database = Database.Open(DatabasePath, write: true);

        foreach (var (name, sql) in Scripts.Statements.Where(s => s.Key is not ("journal_insert" or "journal_index_insert")))
        {
            using var statement = database.Prepare(sql);
            Assert.NotEmpty(name);
        }
    }

    [Theory]
    [InlineData("customer_load", "SCAN")]
    [InlineData("customer_stored", "SCAN")]
    [InlineData("journal_read", "SCAN")]
    [InlineData("journal_read", "TEMP B-TREE")]
    [InlineData("journal_read_backwards", "TEMP B-TREE")]
    [InlineData("journal_covered", "TEMP B-TREE")]
    [InlineData("journal_index_last", "SCAN")]
    [InlineData("journal_index_delete", "SCAN")]
    [InlineData("journal_remove", "SCAN")]
    [InlineData("journal_index_rest", "SCAN")]
    [InlineData("profile_list_segment", "TEMP B-TREE")]
    [InlineData("profile_list_all", "TEMP B-TREE")]
    [InlineData("profile_due", "TEMP B-TREE")]
    [InlineData("journal_scan", "TEMP B-TREE")]
    public async Task Plan_of_a_frequent_statement_uses_its_index(string name, string avoided)
    {
        await (await OpenAsync()).DisposeAsync();
        using var database = Database.Open(DatabasePath, write: true);
        using var plan = database.Prepare("EXPLAIN QUERY PLAN " + Scripts.Statements[name]);
        var steps = new List<string>();
        while (plan.Step())
        {
            steps.Add(plan.GetText(3));
        }

        Assert.NotEmpty(steps);
        Assert.DoesNotContain(steps, s => s.Contains(avoided, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Clean_stop_leaves_no_log_behind()
    {
        await using (var storage = await OpenAsync())
        {
            var append = Records.Append("anna", 1);
            storage.Journal.TryAppend(append);
            await append.Completion;
        }

        Assert.Equal([DatabasePath], Directory.GetFiles(_folder.Path));
    }

    private Task<SqliteStorage> OpenAsync() => SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = DatabasePath }, TimeProvider.System);

    private void Execute(string sql)
    {
        using var database = Database.Open(DatabasePath, write: true);
        database.Execute(sql);
    }
}
