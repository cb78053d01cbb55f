using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>Time, processor time and log that work takes in this process and in PostgreSQL, which runs on this machine (Linux).</summary>
internal sealed class ServerLoad : IAsyncDisposable
{
    private const double TicksPerSecond = 100;

    private readonly NpgsqlConnection _connection;
    private readonly int _server;

    private ServerLoad(NpgsqlConnection connection, int server) => (_connection, _server) = (connection, server);

    /// <param name="connectionString">Of a superuser, with the schema of whose tables sizes are asked.</param>
    public static async Task<ServerLoad> OpenAsync(string connectionString)
    {
        var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        return new ServerLoad(connection, ParentOf((int)(await command.ExecuteScalarAsync())!));
    }

    public async Task<WorkFigures> MeasureAsync(int customers, Func<Task> work)
    {
        using var process = Process.GetCurrentProcess();
        // What was dirtied before is not written, or logged as whole pages, on this work's account.
        await ExecuteAsync("CHECKPOINT");
        var (own, server, log) = (process.TotalProcessorTime, ServerSeconds(), await LogAsync());
        var start = Stopwatch.GetTimestamp();
        await work();
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        process.Refresh();
        return new WorkFigures(
            customers / seconds,
            (process.TotalProcessorTime - own).TotalMicroseconds / customers,
            (ServerSeconds() - server) * 1e6 / customers,
            (double)(await LogAsync() - log) / customers);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <returns>Bytes of a table with its indexes and what lies beside it.</returns>
    public async Task<long> SizeAsync(string table)
    {
        await using var command = new NpgsqlCommand("SELECT pg_total_relation_size($1::regclass)", _connection);
        command.Parameters.Add(new NpgsqlParameter { Value = table });
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private async Task<long> LogAsync()
    {
        await using var command = new NpgsqlCommand("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint", _connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Of the server's processes, those that have ended included.</summary>
    private double ServerSeconds()
    {
        var ticks = 0L;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), NumberStyles.None, CultureInfo.InvariantCulture, out var process) && Fields(process) is { } fields)
            {
                if (process == _server)
                {
                    ticks += fields[10..14].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
                }
                else if (int.Parse(fields[0], CultureInfo.InvariantCulture) == _server)
                {
                    ticks += fields[10..12].Sum(f => long.Parse(f, CultureInfo.InvariantCulture));
                }
            }
        }

        return ticks / TicksPerSecond;
    }

    private static int ParentOf(int process) =>
        int.Parse((Fields(process) ?? throw new InvalidOperationException("PostgreSQL does not run on this machine."))[0], CultureInfo.InvariantCulture);

    /// <summary>From the parent's number on: /proc/…/stat after the name and the state. Null when the process has ended.</summary>
    private static string[]? Fields(int process)
    {
        try
        {
            var line = File.ReadAllText($"/proc/{process}/stat");
            return line[(line.LastIndexOf(')') + 4)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
