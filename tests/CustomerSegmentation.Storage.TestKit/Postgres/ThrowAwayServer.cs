using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace CustomerSegmentation.Storage.TestKit.Postgres;

/// <summary>
/// A PostgreSQL server from the machine's binaries, under an unprivileged user, on a free loopback port. A shell keeps it, so that it can be killed and started
/// again; when the test process ends, in whatever way, the shell's input ends, and it stops the server and removes its files.
/// </summary>
public sealed class ThrowAwayServer : IAsyncDisposable
{
    /// <summary>
    /// Arguments: binaries, folder, port, settings. Runs as the user who owns the server, whose process is the shell's child: the shell knows for sure whether it
    /// has ended. After a crash the server waits for the last processes of the one before, so a start is tried for a while.
    /// </summary>
    private const string Keeper = """
        bin=$1 folder=$2 data=$2/data port=$3
        shift 3
        trap '' INT TERM HUP PIPE XFSZ
        is_ready() { [ "$(sed -n 1p "$data/postmaster.pid" 2>/dev/null)" = "$server" ] && sed -n 8p "$data/postmaster.pid" | grep -q ready; }
        start() {
          for try in 1 2 3 4 5 6 7 8 9 10; do
            "$bin/postgres" -D "$data" -c listen_addresses=127.0.0.1 -c port="$port" -c unix_socket_directories= -c max_connections=400 -c shared_buffers=64MB "$@" >>"$folder/log" 2>&1 </dev/null &
            server=$!
            while kill -0 $server 2>/dev/null; do
              if is_ready; then return 0; fi
              sleep 0.05
            done
            wait $server
            sleep 0.3
          done
          return 1
        }
        stop() { "$bin/pg_ctl" -D "$data" -m immediate -w stop >/dev/null 2>&1; wait $server; }
        "$bin/initdb" -D "$data" -U tests -A trust -E UTF8 --locale=C --wal-segsize=1 --no-instructions >"$folder/log" 2>&1 && start "$@" && echo ready || { tail -n 50 "$folder/log" >&2; stop; rm -rf "$folder" 2>/dev/null; exit 1; }
        while read -r order value; do
          case $order in
            limit) for process in $server $(cat "/proc/$server/task/$server/children"); do prlimit --pid "$process" --fsize="$value:unlimited"; done; echo done ;;
            kill) kill -KILL $server; wait $server; echo done ;;
            stop) stop; echo done ;;
            start) if is_ready && kill -0 $server 2>/dev/null || start "$@"; then echo done; else tail -n 50 "$folder/log" | tr '\n' ' '; echo; fi ;;
          esac
        done
        stop
        rm -rf "$folder" 2>/dev/null
        """;

    private readonly Process _keeper;

    private ThrowAwayServer(Process keeper, int port)
    {
        _keeper = keeper;
        ConnectionString = string.Create(CultureInfo.InvariantCulture, $"Host=127.0.0.1;Port={port};Username=tests;Database=postgres");
        AppDomain.CurrentDomain.ProcessExit += OnExit;
    }

    /// <summary>Null when the machine has what makes a server; else what is missing.</summary>
    public static string? Lacking { get; } = FindBinaries() is null ? "PostgreSQL is missing: install postgresql-15" : null;

    /// <summary>As a superuser; stays the same when the server is started again.</summary>
    public string ConnectionString { get; }

    /// <param name="folder">Where its files go, removed with them; null for a temporary folder.</param>
    /// <param name="settings">As name=value.</param>
    /// <exception cref="InvalidOperationException">The machine lacks PostgreSQL, or it does not start.</exception>
    public static async Task<ThrowAwayServer> StartAsync(string? folder = null, params string[] settings)
    {
        var binaries = FindBinaries() ?? throw new InvalidOperationException(Lacking);
        folder ??= Directory.CreateTempSubdirectory("segmentation-postgres-").FullName;
        var port = FreePort();
        string[] command =
            ["sh", "-c", Keeper, "sh", binaries, folder, port.ToString(CultureInfo.InvariantCulture), .. settings.SelectMany(s => new[] { "-c", s })];
        if (Environment.IsPrivilegedProcess)
        {
            var (user, group) = FindOwner();
            command = ["setpriv", "--reuid", user, "--regid", group, "--clear-groups", .. command];
            using var chown = Process.Start("chown", [$"{user}:{group}", folder]);
            await chown.WaitForExitAsync();
        }

        var keeper = Process.Start(new ProcessStartInfo(command[0], command[1..])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = "/",
        })!;
        var server = new ThrowAwayServer(keeper, port);
        if (await keeper.StandardOutput.ReadLineAsync() != "ready")
        {
            throw new InvalidOperationException($"PostgreSQL of {binaries} does not start: {await keeper.StandardError.ReadToEndAsync()}");
        }

        return server;
    }

    /// <summary>SIGKILL to the server's main process; the others end by themselves, in the middle of whatever they do.</summary>
    public Task KillAsync() => OrderAsync("kill");

    /// <summary>An immediate stop: every process of the server ends at once, and the next start recovers.</summary>
    public Task StopImmediatelyAsync() => OrderAsync("stop");

    /// <summary>Starts it again, unless it runs, and waits until it takes connections.</summary>
    public Task StartAgainAsync() => OrderAsync("start");

    /// <summary>No file of the server may grow beyond this; null lifts the limit. What it cannot write fails as on a full disk.</summary>
    public Task LimitFileSizeAsync(long? bytes) => OrderAsync($"limit {bytes?.ToString(CultureInfo.InvariantCulture) ?? "unlimited"}");

    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        _keeper.StandardInput.Close();
        await _keeper.WaitForExitAsync();
        _keeper.Dispose();
    }

    private async Task OrderAsync(string order)
    {
        await _keeper.StandardInput.WriteLineAsync(order);
        await _keeper.StandardInput.FlushAsync();
        var answer = await _keeper.StandardOutput.ReadLineAsync();
        if (answer != "done")
        {
            throw new InvalidOperationException($"PostgreSQL does not {order}: {answer}");
        }
    }

    private void OnExit(object? sender, EventArgs e)
    {
        _keeper.StandardInput.Close();
        _keeper.WaitForExit(TimeSpan.FromSeconds(20));
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
