using CustomerSegmentation.Storage.Postgres;
using CustomerSegmentation.Storage.TestKit.Postgres;
using Npgsql;

namespace CustomerSegmentation.Benchmarks.Databases;

/// <summary>A schema of its own on the server that SEGMENTATION_TEST_POSTGRES names, or on a throw-away one; gone afterwards.</summary>
internal sealed class BenchmarkSchema : IAsyncDisposable
{
    private static int _count;

    private BenchmarkSchema(string server) =>
        Options = new PostgresStorageOptions { ConnectionString = server, Schema = $"benchmark_{Environment.ProcessId}_{Interlocked.Increment(ref _count)}" };

    public PostgresStorageOptions Options { get; }

    /// <summary>What makes the service use it.</summary>
    public string[] ServiceArguments => ["--postgres", Options.ConnectionString, "--set", $"Postgres:Schema={Options.Schema}"];

    public static async Task<BenchmarkSchema> CreateAsync() => new(await TestServer.ConnectionStringAsync());

    public async ValueTask DisposeAsync()
    {
        await using var connection = new NpgsqlConnection(Options.ConnectionString);
        await connection.OpenAsync();
        await using var drop = new NpgsqlCommand($"DROP SCHEMA IF EXISTS {Options.Schema} CASCADE; CHECKPOINT", connection);
        await drop.ExecuteNonQueryAsync();
    }
}
