using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Postgres.Schema;
using CustomerSegmentation.Storage.TestKit;
using CustomerSegmentation.Storage.TestKit.Postgres;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Tests;

public sealed class OpeningTests : IAsyncLifetime
{
    private const string Password = "correct-horse";
    private TestSchema _schema = null!;

    public async Task InitializeAsync() => _schema = await TestSchema.CreateAsync();

    public async Task DisposeAsync() => await _schema.DisposeAsync();

    [Fact]
    public async Task Migrations_run_once_and_are_written_down()
    {
        await (await _schema.OpenAsync()).DisposeAsync();
        await (await _schema.OpenAsync()).DisposeAsync();

        Assert.Equal((long)Migrator.CurrentVersion, await _schema.ExecuteAsync($"SELECT count(*) FROM {_schema.Name}.segmentation_schema"));
    }

    [Fact]
    public async Task Dense_vectors_of_version_2_are_read_after_the_migration()
    {
        await using (var storage = await _schema.OpenAsync())
        {
            var append = Records.Append("anna", 1);
            storage.Journal.TryAppend(append);
            await append.Completion;
            await storage.Customers.CheckpointAsync([Records.Checkpoint("anna", append.CustomerKey, 1)]);
        }

        // 1, 0, -2.5 and seven zeros, as little-endian single precision.
        await _schema.ExecuteAsync($"""
            UPDATE {_schema.Name}.profile SET vector = '\x0000803f00000000000020c0'::bytea || decode(repeat('00', 28), 'hex');
            ALTER TABLE {_schema.Name}.profile DROP COLUMN encoder, DROP COLUMN embedding, DROP COLUMN text_encoder, DROP COLUMN text;
            DROP TABLE {_schema.Name}.cluster_member, {_schema.Name}.cluster_version, {_schema.Name}.grain_reminder, {_schema.Name}.orleansquery;
            DELETE FROM {_schema.Name}.segmentation_schema WHERE version >= 3
            """);
        await using var migrated = await _schema.OpenAsync();

        var scan = migrated.Profiles.ScanAsync(10).GetAsyncEnumerator();
        Assert.True(await scan.MoveNextAsync());
        var row = Assert.Single(scan.Current);
        Assert.Equal([1, 0, -2.5f, 0, 0, 0, 0, 0, 0, 0], row.Vector.ToArray());
        Assert.Equal((0, ""), (row.Embedding.Length, row.EmbeddingModel));
    }

    [Fact]
    public async Task Storages_opened_at_the_same_time_migrate_once_and_all_work()
    {
        var storages = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => _schema.OpenAsync()));
        foreach (var (storage, i) in storages.Select((s, i) => (s, i)))
        {
            var append = Records.Append($"customer-{i}", 1);
            storage.Journal.TryAppend(append);
            await append.Completion;
            Assert.True(append.CustomerKey > 0);
            await storage.DisposeAsync();
        }

        Assert.Equal((long)Migrator.CurrentVersion, await _schema.ExecuteAsync($"SELECT count(*) FROM {_schema.Name}.segmentation_schema"));
        Assert.Equal(0L, await _schema.ExecuteAsync($"SELECT count(*) FROM {_schema.Name}.writer"));
    }

    [Fact]
    public async Task Schema_of_a_newer_program_is_refused_by_name()
    {
        await (await _schema.OpenAsync()).DisposeAsync();
        await _schema.ExecuteAsync($"INSERT INTO {_schema.Name}.segmentation_schema VALUES ({Migrator.CurrentVersion + 1}, 0)");

        var error = await Assert.ThrowsAsync<PostgresStorageException>(() => _schema.OpenAsync());

        Assert.Equal(PostgresFault.NewerSchema, error.Fault);
        Assert.Contains($"'{_schema.Name}'", error.Message, StringComparison.Ordinal);
        Assert.Contains($"version {Migrator.CurrentVersion + 1}", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schema_of_another_program_is_refused_and_left_alone()
    {
        await _schema.ExecuteAsync($"CREATE SCHEMA {_schema.Name}; CREATE TABLE {_schema.Name}.other (a integer)");

        var error = await Assert.ThrowsAsync<PostgresStorageException>(() => _schema.OpenAsync());

        Assert.Equal(PostgresFault.ForeignSchema, error.Fault);
        Assert.Equal(1L, await _schema.ExecuteAsync($"SELECT count(*) FROM pg_tables WHERE schemaname = '{_schema.Name}'"));
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port=1", PostgresFault.Unreachable, "127.0.0.1:1")]
    [InlineData("Database=no_such_database", PostgresFault.MissingDatabase, "createdb no_such_database")]
    [InlineData("Username=no_such_user", PostgresFault.Authentication, "'no_such_user'")]
    public async Task Connection_that_fails_is_explained_without_the_password(string change, PostgresFault fault, string named)
    {
        var changed = new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { Password = Password, Timeout = 5 };
        foreach (var part in change.Split(';'))
        {
            changed[part.Split('=')[0]] = part.Split('=')[1];
        }

        var error = await Assert.ThrowsAsync<PostgresStorageException>(() => _schema.OpenAsync(connectionString: changed.ConnectionString));

        Assert.Equal(fault, error.Fault);
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData($"Hots=127.0.0.1;Password={Password}", "hots")]
    [InlineData($"Host=127.0.0.1;Port=many;Password={Password}", "Port")]
    [InlineData($"Username=x;Password={Password}", "Host")]
    [InlineData($"nonsense {Password}", "cannot be read")]
    public async Task Connection_string_that_cannot_be_read_is_explained_without_the_password(string text, string named)
    {
        var error = await Assert.ThrowsAsync<PostgresStorageException>(() => _schema.OpenAsync(connectionString: text));

        Assert.Equal(PostgresFault.ConnectionString, error.Fault);
        Assert.Contains(named, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task User_without_the_right_to_create_is_told_what_to_grant()
    {
        var user = $"{_schema.Name}_reader";
        await _schema.ExecuteAsync($"CREATE ROLE {user} LOGIN PASSWORD '{Password}'");
        try
        {
            var limited = new NpgsqlConnectionStringBuilder(_schema.ConnectionString) { Username = user, Password = Password }.ConnectionString;

            var error = await Assert.ThrowsAsync<PostgresStorageException>(() => _schema.OpenAsync(connectionString: limited));

            Assert.Equal((PostgresFault.MissingRight, "42501"), (error.Fault, error.SqlState));
            Assert.Contains("GRANT CREATE ON DATABASE", error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(Password, error.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            await _schema.ExecuteAsync($"DROP ROLE {user}");
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("Upper")]
    [InlineData("a\"; DROP TABLE x")]
    public async Task Schema_name_that_would_need_quoting_is_refused(string name)
    {
        var options = new PostgresStorageOptions { ConnectionString = _schema.ConnectionString, Schema = name };

        await Assert.ThrowsAsync<ArgumentException>(() => PostgresStorage.OpenAsync(options, TimeProvider.System));
    }

    [Fact]
    public async Task Every_statement_prepares_on_the_current_schema()
    {
        await (await _schema.OpenAsync()).DisposeAsync();
        var target = new NpgsqlConnectionStringBuilder(await TestServer.ConnectionStringAsync()) { SearchPath = _schema.Name, Pooling = false };
        await using var connection = new NpgsqlConnection(target.ConnectionString);
        await connection.OpenAsync();

        foreach (var (name, sql) in Scripts.Statements.Where(s => s.Key != "schema_version_create"))
        {
            await using var prepare = new NpgsqlCommand($"PREPARE {name} AS {sql}", connection);
            await prepare.ExecuteNonQueryAsync();
        }

        Assert.NotEmpty(Scripts.Statements);
    }

    [Theory]
    [InlineData("customer_load", "Seq Scan|Hash Join|Merge Join", "'{}', ''")]
    [InlineData("customer_stored", "Seq Scan|Hash Join|Merge Join", "'{}'")]
    [InlineData("journal_read", "Seq Scan|Sort  (", "1, 1, 10")]
    [InlineData("journal_scan", "Seq Scan on journal", "1, 1, 10, 0, 1")]
    [InlineData("journal_old", "Seq Scan", "1, 10")]
    [InlineData("journal_erase", "Seq Scan on journal", "1")]
    [InlineData("profile_list_segment", "Seq Scan|Sort  (", "'', 10, 'loyal'")]
    [InlineData("profile_due", "Seq Scan|Sort  (", "1, 10")]
    public async Task Plan_of_a_frequent_statement_uses_its_index(string name, string avoided, string arguments)
    {
        await (await _schema.OpenAsync()).DisposeAsync();
        var target = new NpgsqlConnectionStringBuilder(_schema.AdminConnectionString) { SearchPath = _schema.Name };
        await using var connection = new NpgsqlConnection(target.ConnectionString);
        await connection.OpenAsync();

        await using var command = new NpgsqlCommand(
            $"{PostgresServer.ByKey}; SET plan_cache_mode = force_generic_plan; PREPARE asked AS {Scripts.Statements[name]}; "
            + $"EXPLAIN EXECUTE asked({arguments})",
            connection);
        var steps = new List<string>();
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            steps.Add(reader.GetString(0));
        }

        Assert.NotEmpty(steps);
        Assert.DoesNotContain(steps, s => avoided.Split('|').Any(a => s.Contains(a, StringComparison.Ordinal)));
    }
}
