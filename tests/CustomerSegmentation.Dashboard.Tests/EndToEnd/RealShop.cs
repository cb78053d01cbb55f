using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.SiloHost.Tests.EndToEnd;

namespace CustomerSegmentation.Dashboard.Tests.EndToEnd;

/// <summary>The real service with its database and its keys, and the history of a simulated shop in it.</summary>
internal sealed class RealShop : IAsyncDisposable
{
    private readonly string _folder;
    private readonly HostProcess _host;
    private readonly HttpClient _http = new();
    private int _orders;

    private RealShop(string folder, HostProcess host, Uri url)
    {
        (_folder, _host, Url) = (folder, host, url);
        using var keys = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "keys.json")));
        AdminKey = keys.RootElement.GetProperty("adminKey").GetString()!;
        _http.BaseAddress = url;
        _http.DefaultRequestHeaders.Authorization =
            new AuthenticationHeaderValue("Bearer", keys.RootElement.GetProperty("writeKey").GetString());
    }

    public Uri Url { get; }

    public string AdminKey { get; }

    public static async Task<RealShop> OpenAsync(int customers)
    {
        var folder = Directory.CreateTempSubdirectory("segmentation-").FullName;
        var (host, url) = await HostProcess.ServeAsync(folder);
        var shop = new RealShop(folder, host, url);
        var simulate = await HostProcess.RunAsync(
            "simulate", "--customers", customers.ToString(System.Globalization.CultureInfo.InvariantCulture), "--history", "60d", "--duration", "0s", "--data", folder);
        Assert.True(simulate.ExitCode == 0, simulate.Error);
        return shop;
    }

    /// <summary>A customer of the largest segment of those that bring next to nothing.</summary>
    public async Task<string> SomebodyWhoBuysNothingAsync()
    {
        using var segments = await ReadAsync("api/segments");
        var key = segments.RootElement.GetProperty("segments").EnumerateArray()
            .Where(segment => segment.GetProperty("monetaryShare").GetDouble() < 0.02)
            .MaxBy(segment => segment.GetProperty("size").GetInt64())
            .GetProperty("key").GetString();
        using var members = await ReadAsync($"api/customers?segment={key}&limit=1");
        return members.RootElement.GetProperty("items")[0].GetProperty("id").GetString()!;
    }

    public Task OrderAsync(string customer, int total)
    {
        var order = $"{customer}-{++_orders}";
        return TrackAsync(
            $$$"""{"userId":"{{{customer}}}","messageId":"{{{order}}}","event":"Order Completed","properties":{"order_id":"{{{order}}}","total":{{{total}}},"currency":"EUR"}}""");
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _host.TerminateAsync();
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<JsonDocument> ReadAsync(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("X-Admin-Key", AdminKey);
        using var answer = await _http.SendAsync(request);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    }

    private async Task TrackAsync(string json)
    {
        using var answer = await _http.PostAsync("v1/track", new StringContent(json, Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }
}
