using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using CustomerSegmentation.Deploy.Tests.Services;
using Npgsql;

namespace CustomerSegmentation.Deploy.Tests.Documents;

/// <summary>The runbook's dump and restore, with its own lines.</summary>
public sealed class RestoreTests
{
    private const int Customers = 60;

    private static readonly Dictionary<string, string> Nothing = new() { ["Segmentation__SequenceModel"] = "", ["Segmentation__TextModel"] = "" };

    [DumpFact]
    public async Task A_restored_dump_of_a_running_service_has_every_customer_and_segment_as_they_were()
    {
        await using var database = await ClusterDatabase.CreateAsync();
        await using var restored = await ClusterDatabase.CreateAsync(isThere: false);
        var folder = Directory.CreateTempSubdirectory("segmentation-dump-").FullName;
        try
        {
            IReadOnlyList<string> before;
            await using (var service = await RunningService.StartAsync(Nothing, "--postgres", database.ConnectionString))
            {
                using var http = service.Client();
                await FillAsync(http);
                before = await DescribeAsync(http);
                Assert.Equal(Customers + 1, before.Count);
                foreach (var line in DocumentTests.ShellLines("deploy/RUNBOOK.md").Where(l => l.StartsWith("pg_dump", StringComparison.Ordinal)))
                {
                    await RunAsync(folder, line, database, restored);
                }

                // What comes after the dump is not in it.
                await OrderAsync(http, "late", 1);
            }

            foreach (var line in DocumentTests.ShellLines("deploy/RUNBOOK.md").Where(l => l.StartsWith("createdb", StringComparison.Ordinal) || l.StartsWith("pg_restore", StringComparison.Ordinal)))
            {
                await RunAsync(folder, line, database, restored);
            }

            await using var again = await RunningService.StartAsync(Nothing, "--postgres", restored.ConnectionString);
            using var reader = again.Client();
            Assert.Equal(before, await DescribeAsync(reader));
            await OrderAsync(reader, "late", 1);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task FillAsync(HttpClient http)
    {
        for (var i = 0; i < Customers; i++)
        {
            for (var n = 0; n <= i % 3; n++)
            {
                await OrderAsync(http, $"c{i}", (i + 1) * 10);
            }
        }

        (await http.PostAsJsonAsync("api/segmentations", new { segmentCount = 3 })).EnsureSuccessStatusCode();
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(1));
        while (await SizesAsync(http) is var sizes && sizes.Values.Sum() < Customers)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, patience.Token);
        }
    }

    private static async Task OrderAsync(HttpClient http, string customer, int total) => (await http.PostAsJsonAsync(
        "v1/track", new { userId = customer, @event = "Order Completed", properties = new { order_id = $"{Guid.NewGuid():n}", total } })).EnsureSuccessStatusCode();

    /// <summary>A line for each customer, and one for the sizes of the segments.</summary>
    private static async Task<IReadOnlyList<string>> DescribeAsync(HttpClient http)
    {
        var lines = new List<string> { string.Join(' ', (await SizesAsync(http)).OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} {s.Value}")) };
        for (var i = 0; i < Customers; i++)
        {
            var view = await http.GetFromJsonAsync<JsonElement>($"api/customers/c{i}");
            lines.Add($"{view.GetProperty("id")} {view.GetProperty("sequence")} {view.GetProperty("features").GetProperty("monetary")} {view.GetProperty("segment").GetProperty("key")}");
        }

        return lines;
    }

    private static async Task<Dictionary<string, long>> SizesAsync(HttpClient http) => (await http.GetFromJsonAsync<JsonElement>("api/segments")).GetProperty("segments")
        .EnumerateArray().ToDictionary(s => s.GetProperty("key").GetString()!, s => s.GetProperty("size").GetInt64());

    /// <summary>A line of the runbook, for the databases of the test.</summary>
    private static async Task RunAsync(string folder, string line, ClusterDatabase database, ClusterDatabase restored)
    {
        var from = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var command = line
            .Replace("-U segmentation", $"-U {from.Username}", StringComparison.Ordinal)
            .Replace("-d segmentation", $"-d {from.Database}", StringComparison.Ordinal)
            .Replace(" restored", $" {new NpgsqlConnectionStringBuilder(restored.ConnectionString).Database}", StringComparison.Ordinal);
        var start = new ProcessStartInfo("sh", ["-c", command]) { WorkingDirectory = folder, RedirectStandardError = true };
        (start.Environment["DATABASE_HOST"], start.Environment["PGPORT"], start.Environment["PGPASSWORD"]) = (from.Host!, $"{from.Port}", from.Password ?? "");
        using var process = Process.Start(start)!;
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"{command}: {error}");
    }
}
