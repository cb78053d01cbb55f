using CustomerSegmentation.Storage.TestKit.Postgres;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Tests;

/// <summary>A schema on the server of the tests, gone afterwards. What connects by it can be told by its application name.</summary>
internal sealed class TestSchema : IAsyncDisposable
{
    private static int _count;

    private TestSchema(string server)
    {
        Name = $"test_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}";
        AdminConnectionString = new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString;
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { ApplicationName = Name }.ConnectionString;
    }

    public string Name { get; }

    public string ConnectionString { get; }

    /// <summary>For what the test does from outside.</summary>
    public string AdminConnectionString { get; }

    public static async Task<TestSchema> CreateAsync() => new(await TestServer.ConnectionStringAsync());

    /// <summary>Ends every connection of <see cref="ConnectionString"/> and waits until the server has forgotten them.</summary>
    public Task TerminateAsync() =>
        ExecuteAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = '{Name}'");

    public Task<PostgresStorage> OpenAsync(int commitTimeoutMs = 10_000, string? connectionString = null, int reconnectDelayMsMax = 1_000, bool exclusive = false) => PostgresStorage.OpenAsync(
        new PostgresStorageOptions
        {
            ConnectionString = connectionString ?? ConnectionString,
            Schema = Name,
            CommitTimeoutMs = commitTimeoutMs,
            ReconnectDelayMsMax = reconnectDelayMsMax,
            Exclusive = exclusive,
        },
        TimeProvider.System);

    public async Task<object?> ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(AdminConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP SCHEMA IF EXISTS {Name} CASCADE");
}
