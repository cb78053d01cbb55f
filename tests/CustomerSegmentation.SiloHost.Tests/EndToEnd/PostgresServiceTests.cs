using System.Net.Http.Json;
using System.Text.Json;
using CustomerSegmentation.SiloHost.Tests.Import;
using CustomerSegmentation.Storage.TestKit.Postgres;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

public sealed class PostgresServiceTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segmentation-").FullName;
    private TestDatabase? _database;

    private TestDatabase Database => _database!;

    private string Data => Path.Combine(_folder, "data");

    public async Task InitializeAsync()
    {
        // Without a server every test here is skipped, but this runs.
        if (TestServer.Lacking is null)
        {
            _database = await TestDatabase.CreateAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    [PostgresFact]
    public async Task Service_and_commands_keep_everything_in_the_database()
    {
        var (host, url) = await ServeAsync();
        using (host)
        {
            await TrackAsync(url, "ada", 42);
            var import = await RunAsync("import", await WriteTableAsync(), "--format", "online-retail");
            Assert.Contains("the service at", import.Output, StringComparison.Ordinal);
            Assert.Equal(0, await host.TerminateAsync());
        }

        var recluster = await RunAsync("recluster", "--segments", "2");
        Assert.Contains("2 segments over 41 customers", recluster.Output, StringComparison.Ordinal);
        var file = Path.Combine(_folder, "events.csv");
        var export = await RunAsync("export", "events", "--out", file);
        Assert.Matches("81 rows from PostgreSQL database .+ schema 'segmentation'", export.Output);
        Assert.False(File.Exists(Path.Combine(Data, "customers.db")));
        Assert.Equal(41L, await Database.ExecuteAsync("SELECT count(*) FROM segmentation.customer"));

        var (again, newUrl) = await ServeAsync();
        using (again)
        {
            Assert.Equal(42, await MonetaryAsync(newUrl, "ada"));
            Assert.Equal(0, await again.TerminateAsync());
        }
    }

    [PostgresFact]
    public async Task Second_service_on_the_database_is_told_who_has_it()
    {
        var (host, _) = await ServeAsync();
        using (host)
        {
            var second = await HostProcess.RunAsync(
                "--data", Path.Combine(_folder, "other"), "--postgres", Database.ConnectionString, "--urls", "http://127.0.0.1:0");

            AssertFailed(second, $"in use by 'segmentation {host.Id} on ");
        }

        // A killed process leaves the database to the next one.
        var (next, url) = await ServeAsync();
        using (next)
        {
            await TrackAsync(url, "ada", 1);
        }
    }

    [PostgresFact]
    public async Task Command_for_another_database_than_the_folders_service_uses_is_refused()
    {
        var (host, _) = await HostProcess.ServeAsync(Data);
        using (host)
        {
            AssertFailed(await HostProcess.RunAsync(Arguments("recluster")), "Its data is in that folder, not in PostgreSQL database");
        }
    }

    [PostgresFact]
    public async Task Connection_that_fails_ends_with_1_and_one_line_that_says_what_to_do()
    {
        (string Change, string Expected)[] cases =
        [
            ("Port=1", "does not answer"),
            ("Database=no_such_database", "createdb no_such_database"),
            ("Username=no_such_user", "'no_such_user'"),
        ];
        foreach (var (change, expected) in cases)
        {
            var ended = await HostProcess.RunAsync("recluster", "--data", Data, "--postgres", $"{Database.With(change)};Password=do-not-tell");
            AssertFailed(ended, expected);
            Assert.DoesNotContain("do-not-tell", ended.Error, StringComparison.Ordinal);
        }

        AssertFailed(await HostProcess.RunAsync("recluster", "--data", Data, "--postgres", "nonsense"), "connection string cannot be read");
        AssertFailed(await HostProcess.RunAsync([.. Arguments("recluster"), "--set", "Postgres:Schema=Wrong-Name"]), "is no schema name");
    }

    [PostgresFact]
    public async Task Schema_of_a_newer_program_ends_with_1()
    {
        await RunAsync("export", "events", "--out", Path.Combine(_folder, "events.csv"));
        await Database.ExecuteAsync("INSERT INTO segmentation.segmentation_schema VALUES (1000, 0)");

        AssertFailed(await HostProcess.RunAsync(Arguments("recluster")), "a newer one wrote it");
    }

    [PostgresFact]
    public async Task Connection_string_and_options_come_from_the_environment_too()
    {
        var export = await Script.RunAsync(
            _folder,
            new Dictionary<string, string>
            {
                ["Segmentation__Postgres__ConnectionString"] = Database.ConnectionString,
                ["Segmentation__Postgres__Schema"] = "elsewhere",
            },
            "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "CustomerSegmentation.SiloHost.dll"),
            "export", "events", "--data", Data, "--out", Path.Combine(_folder, "events.csv"));

        Assert.Contains("schema 'elsewhere'", export, StringComparison.Ordinal);
        Assert.Equal(0L, await Database.ExecuteAsync("SELECT count(*) FROM elsewhere.customer"));
    }

    private string[] Arguments(params string[] command) => [.. command, "--data", Data, "--postgres", Database.ConnectionString];

    private Task<(HostProcess Host, Uri Url)> ServeAsync() => HostProcess.ServeInAsync(null, Arguments("--no-auth"));

    private async Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] command)
    {
        var ended = await HostProcess.RunAsync(Arguments(command));
        Assert.True(ended.ExitCode == 0, ended.Error);
        return ended;
    }

    private static void AssertFailed((int ExitCode, string Output, string Error) ended, string expected)
    {
        Assert.Equal(1, ended.ExitCode);
        Assert.Contains(expected, Assert.Single(ended.Error.Trim().Split('\n')), StringComparison.Ordinal);
    }

    private async Task<string> WriteTableAsync()
    {
        var file = Path.Combine(_folder, "table.csv");
        var rows = Enumerable.Range(0, 40)
            .Select(row => $"{row},A{row % 5},X,{1 + (row % 9)},2024-12-{1 + (row % 20):00} 08:00:00,{2 + (row % 7)},{row}.0,UK");
        await File.WriteAllLinesAsync(file, [ImportRun.Header, .. rows]);
        return file;
    }

    private static async Task TrackAsync(Uri url, string customer, double total)
    {
        using var http = new HttpClient { BaseAddress = url };
        using var answer = await http.PostAsJsonAsync(
            "v1/track", new { userId = customer, messageId = "m1", @event = "Order Completed", properties = new { order_id = "1", total } });
        answer.EnsureSuccessStatusCode();
    }

    private static async Task<double> MonetaryAsync(Uri url, string customer)
    {
        using var http = new HttpClient { BaseAddress = url };
        using var view = JsonDocument.Parse(await http.GetStringAsync($"api/customers/{customer}"));
        return view.RootElement.GetProperty("features").GetProperty("monetary").GetDouble();
    }
}
