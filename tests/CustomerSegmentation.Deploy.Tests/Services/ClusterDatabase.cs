using CustomerSegmentation.Storage.TestKit.Postgres;
using Npgsql;

namespace CustomerSegmentation.Deploy.Tests.Services;

/// <summary>A database of one test on the server of the tests, gone afterwards.</summary>
internal sealed class ClusterDatabase : IAsyncDisposable
{
    private static int _count;

    private readonly string _server;
    private readonly string _name = $"deploy_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}";

    private ClusterDatabase(string server) => _server = server;

    public string ConnectionString => new NpgsqlConnectionStringBuilder(_server) { Database = _name }.ConnectionString;

    /// <param name="isThere">False for a database that the test makes itself.</param>
    public static async Task<ClusterDatabase> CreateAsync(bool isThere = true)
    {
        var database = new ClusterDatabase(await TestServer.ConnectionStringAsync());
        if (isThere)
        {
            await database.ExecuteAsync($"CREATE DATABASE {database._name}");
        }

        return database;
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(_server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
