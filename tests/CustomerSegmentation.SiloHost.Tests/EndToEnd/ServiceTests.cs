using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.SiloHost.Hosting;
using CustomerSegmentation.SiloHost.Tests.Import;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

public sealed class ServiceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("segmentation-").FullName;

    private string Data => Path.Combine(_folder, "data");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Service_takes_events_serves_commands_stops_cleanly_and_remembers()
    {
        var (host, url) = await HostProcess.ServeAsync(Data);
        using (host)
        {
            using var http = Client(url);
            await TrackAsync(http, "ada", 42);
            Assert.Equal(42, await MonetaryAsync(http, "ada"));
            await RefuseStrangersAsync(url);
            await ImportThroughServiceAsync(http);
            await ReclusterThroughServiceAsync();
            await ExportThroughServiceAsync();
            var second = await HostProcess.RunAsync("--data", Data, "--urls", "http://127.0.0.1:0");
            Assert.Equal(1, second.ExitCode);
            Assert.Contains($"held by process {host.Id}", second.Error, StringComparison.Ordinal);
            Assert.Equal(0, await host.TerminateAsync());
        }

        var (again, newUrl) = await HostProcess.ServeAsync(Data);
        using (again)
        {
            using var http = Client(newUrl);
            Assert.Equal(42, await MonetaryAsync(http, "ada"));
            Assert.Equal(0, await again.TerminateAsync());
        }

        var offline = await HostProcess.RunAsync("recluster", "--segments", "2", "--data", Data);
        Assert.True(offline.ExitCode == 0, offline.Error);
        Assert.Contains("2 segments over 41 customers", offline.Output, StringComparison.Ordinal);
    }

    private async Task ImportThroughServiceAsync(HttpClient http)
    {
        var file = Path.Combine(_folder, "table.csv");
        await File.WriteAllLinesAsync(
            file,
            [
                ImportRun.Header,
                .. Enumerable.Range(0, 40).Select(row => $"{row},A{row % 5},X,{1 + (row % 9)},2024-12-{1 + (row % 20):00} 08:00:00,{2 + (row % 7)},{row}.0,UK"),
                "99,A,X,1,2024-12-01 08:00:00,0,7,UK",
            ]);

        var import = await HostProcess.RunAsync("import", file, "--format", "online-retail", "--data", Data);

        Assert.True(import.ExitCode == 0, import.Error);
        Assert.Contains("the service at", import.Output, StringComparison.Ordinal);
        Assert.Matches("new / known already +80 / 0\n", import.Output);
        var again = await HostProcess.RunAsync("import", file, "--format", "online-retail", "--data", Data);
        Assert.Matches("new / known already +0 / 80\n", again.Output);
        Assert.Equal(2, await MonetaryAsync(http, "0"));
        using var rejections = JsonDocument.Parse(await http.GetStringAsync("api/rejections"));
        var rejection = rejections.RootElement.GetProperty("items")[0];
        Assert.Equal(("import:table.csv", 42), (rejection.GetProperty("source").GetString(), rejection.GetProperty("position").GetInt32()));
    }

    private async Task ReclusterThroughServiceAsync()
    {
        var recluster = await HostProcess.RunAsync("recluster", "--segments", "3", "--data", Data);
        Assert.True(recluster.ExitCode == 0, recluster.Error);
        Assert.Contains("3 segments", recluster.Output, StringComparison.Ordinal);
    }

    private async Task ExportThroughServiceAsync()
    {
        var file = Path.Combine(_folder, "features.csv");
        var export = await HostProcess.RunAsync("export", "features", "--as-of", "2025-01-01", "--out", file, "--data", Data);
        Assert.True(export.ExitCode == 0, export.Error);
        var lines = await File.ReadAllLinesAsync(file);
        Assert.Equal(41, lines.Length);
        Assert.StartsWith("customer_id,", lines[0], StringComparison.Ordinal);
        Assert.DoesNotContain(lines, line => line.StartsWith("ada,", StringComparison.Ordinal));

        export = await HostProcess.RunAsync("export", "events", "--from", "2024-12-05", "--to", "2024-12-06", "--out", file, "--data", Data);
        Assert.True(export.ExitCode == 0, export.Error);
        lines = await File.ReadAllLinesAsync(file);
        Assert.NotEmpty(lines[1..]);
        Assert.All(lines[1..], line => Assert.Contains(",2024-12-05T", line, StringComparison.Ordinal));
    }

    private async Task RefuseStrangersAsync(Uri url)
    {
        using var stranger = new HttpClient { BaseAddress = url };
        Assert.Equal(HttpStatusCode.Unauthorized, (await stranger.GetAsync("api/export/events")).StatusCode);
        stranger.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", new KeyFile(Data).TryRead()!.WriteKey);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync("api/export/events")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.PostAsync("api/rejections", new StringContent("{}", Encoding.UTF8, "application/json"))).StatusCode);
    }

    private HttpClient Client(Uri url)
    {
        var http = new HttpClient { BaseAddress = url };
        http.DefaultRequestHeaders.Add("X-Admin-Key", new KeyFile(Data).TryRead()!.AdminKey);
        return http;
    }

    private async Task TrackAsync(HttpClient http, string customer, double total)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "v1/track");
        var key = new KeyFile(Data).TryRead()!.WriteKey;
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(key + ":")));
        var body = $$"""{"userId":"{{customer}}","messageId":"m1","event":"Order Completed","properties":{"order_id":"1","total":{{total}} } }""";
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static async Task<double> MonetaryAsync(HttpClient http, string customer)
    {
        using var view = JsonDocument.Parse(await http.GetStringAsync($"api/customers/{customer}"));
        return view.RootElement.GetProperty("features").GetProperty("monetary").GetDouble();
    }
}
