using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace CustomerSegmentation.Storage.TestKit.Postgres;

/// <summary>
/// The PostgreSQL of a test run: the one that SEGMENTATION_TEST_POSTGRES names, or a throw-away one from the machine's binaries, under an unprivileged
/// user, on a free loopback port, with its data in a temporary folder. A shell keeps it: when the test process ends, in whatever way, the shell's input ends, and
/// it stops the server and removes the folder.
/// </summary>
public static class TestServer
{
    private const string Variable = "SEGMENTATION_TEST_POSTGRES";

    /// <summary>Arguments: binaries, folder, port. Runs as the user who owns the server.</summary>
    private const string Keeper = """
        set -e
        bin=$1 folder=$2 port=$3
        trap '' INT TERM HUP PIPE
        stop() { "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1 || true; rm -rf "$folder"; }
        "$bin/initdb" -D "$folder/data" -U tests -A trust -E UTF8 --locale=C --no-instructions >"$folder/log" 2>&1 || { cat "$folder/log" >&2; stop; exit 1; }
        "$bin/pg_ctl" -D "$folder/data" -w -l "$folder/log" -o "-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories='' -c max_connections=200 -c shared_buffers=64MB" start >/dev/null 2>&1 </dev/null || { cat "$folder/log" >&2; stop; exit 1; }
        echo ready || true
        while read -r line; do :; done
        stop
        """;

    private static readonly Lazy<Task<string>> Shared = new(StartAsync);

    /// <summary>Null when there is a server or what makes one; else what is missing.</summary>
    public static string? Lacking { get; } = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } || FindBinaries() is not null
        ? null
        : $"PostgreSQL is missing: install postgresql-15, or name a server in {Variable}";

    /// <summary>The server's connection string; the first call starts it.</summary>
    public static Task<string> ConnectionStringAsync() => Shared.Value;

    private static async Task<string> StartAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named)
        {
            return named;
        }

        var binaries = FindBinaries() ?? throw new InvalidOperationException(Lacking);
        var folder = Directory.CreateTempSubdirectory("segmentation-postgres-").FullName;
        var port = FreePort();
        var start = new ProcessStartInfo { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/" };
        string[] shell = ["sh", "-c", Keeper, "sh", binaries, folder, $"{port}"];
        var command = shell;
        if (Environment.IsPrivilegedProcess)
        {
            var (user, group) = FindOwner();
            command = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", .. shell];
            using var chown = Process.Start("chown", [$"{user}:{group}", folder]);
            await chown.WaitForExitAsync();
        }

        start.FileName = command[0];
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        var keeper = Process.Start(start)!;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            keeper.StandardInput.Close();
            keeper.WaitForExit(TimeSpan.FromSeconds(20));
        };
        if (await keeper.StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException($"PostgreSQL of {binaries} does not start: {await keeper.StandardError.ReadToEndAsync()}");
        }

        return $"Host=127.0.0.1;Port={port};Username=tests;Database=postgres";
    }

    /// <summary>User and group numbers of who may run a server where the tests run as root: the server itself refuses root.</summary>
    private static (string User, string Group) FindOwner()
    {
        var users = File.ReadLines("/etc/passwd").Select(l => l.Split(':')).ToArray();
        var owner = Array.Find(users, u => u[0] == "postgres") ?? Array.Find(users, u => u[0] == "nobody")
            ?? throw new InvalidOperationException("There is no user 'postgres' or 'nobody' to run a PostgreSQL server; root may not.");
        return (owner[2], owner[3]);
    }

    private static string? FindBinaries()
    {
        const string debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(debian)
            ? Directory.GetDirectories(debian).OrderByDescending(v => int.TryParse(Path.GetFileName(v), out var number) ? number : 0).Select(v => $"{v}/bin")
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator);
        return versions.Concat(path).FirstOrDefault(b => File.Exists(Path.Combine(b, "initdb")) && File.Exists(Path.Combine(b, "pg_ctl")));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
