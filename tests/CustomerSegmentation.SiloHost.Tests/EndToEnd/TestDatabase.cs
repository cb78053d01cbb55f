using CustomerSegmentation.Storage.TestKit.Postgres;
using Npgsql;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>A database of one test on the server of the tests, gone afterwards.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private static int _count;

    private readonly string _server;
    private readonly string _name;

    private TestDatabase(string server)
    {
        _server = server;
        _name = $"shop_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}";
        ConnectionString = new NpgsqlConnectionStringBuilder(server) { Database = _name }.ConnectionString;
    }

    public string ConnectionString { get; }

    public static async Task<TestDatabase> CreateAsync()
    {
        var database = new TestDatabase(await TestServer.ConnectionStringAsync());
        await ExecuteAsync(database._server, $"CREATE DATABASE {database._name}");
        return database;
    }

    /// <summary>The connection string with some parts changed, as <c>Name=Value;…</c>.</summary>
    public string With(string change) => new NpgsqlConnectionStringBuilder($"{ConnectionString};{change}").ConnectionString;

    /// <summary>The first column of the first row.</summary>
    public Task<object?> ExecuteAsync(string sql) => ExecuteAsync(ConnectionString, sql);

    public async ValueTask DisposeAsync() => await ExecuteAsync(_server, $"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");

    private static async Task<object?> ExecuteAsync(string target, string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(target) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
