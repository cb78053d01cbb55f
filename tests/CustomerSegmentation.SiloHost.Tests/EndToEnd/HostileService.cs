using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>One service with its database that all hostile inputs meet, and a neighbour whom none of them may touch.</summary>
public sealed class HostileService : IAsyncLifetime
{
    private const long WorkingSetBytesMax = 600L * 1024 * 1024;
    private const string Neighbour = "neighbour";

    private readonly string _folder = Directory.CreateTempSubdirectory("segmentation-").FullName;
    private HostProcess? _host;
    private string _neighbourBefore = "";
    private int _guests;

    /// <summary>Sends with the write key and reads with the admin key.</summary>
    public HttpClient Http { get; } = new();

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    public string WriteKey { get; private set; } = "";

    public async Task InitializeAsync()
    {
        (_host, Url) = await HostProcess.ServeAsync(_folder);
        var keys = new KeyFile(_folder).TryRead()!;
        WriteKey = keys.WriteKey;
        Http.BaseAddress = Url;
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", keys.WriteKey);
        Http.DefaultRequestHeaders.Add("X-Admin-Key", keys.AdminKey);
        var (status, _) = await BatchAsync(
            [
                Order(Neighbour, 1, 70),
                $$$"""{"type":"identify","userId":"{{{Neighbour}}}","messageId":"n2","traits":{"country":"Norway","age":51} }""",
                $$"""{"type":"track","userId":"{{Neighbour}}","messageId":"n3","event":"Product Viewed","properties":{"product_id":"mug"} }""",
            ]);
        Assert.Equal(HttpStatusCode.OK, status);
        _neighbourBefore = await FactsAsync(Neighbour);
    }

    public Task DisposeAsync()
    {
        _host?.Dispose();
        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    /// <summary>Sends hostile items between two good ones of a new customer; the codes with which items were refused, after the good ones have been found there exactly.</summary>
    public async Task<IReadOnlyList<string>> BatchAmongGoodAsync(params string[] hostile)
    {
        var guest = $"guest-{++_guests}";
        var (status, answer) = await BatchAsync([Order(guest, 1, 10), .. hostile, Order(guest, 2, 2.5)]);
        Assert.True(status == HttpStatusCode.OK, $"{status}: {answer}");
        using var view = JsonDocument.Parse(await Http.GetStringAsync($"api/customers/{guest}"));
        var features = view.RootElement.GetProperty("features");
        Assert.Equal(2, view.RootElement.GetProperty("sequence").GetInt64());
        Assert.Equal((2, 12.5), (features.GetProperty("frequency").GetDouble(), features.GetProperty("monetary").GetDouble()));
        using var body = JsonDocument.Parse(answer);
        return body.RootElement.TryGetProperty("rejected", out var rejected)
            ? [.. rejected.EnumerateArray().Select(item => item.GetProperty("code").GetString()!)]
            : [];
    }

    public async Task<(HttpStatusCode Status, string Answer)> BatchAsync(IEnumerable<string> items) =>
        await PostAsync("v1/batch", Encoding.UTF8.GetBytes($$"""{"batch":[{{string.Join(',', items)}}]}"""), isGzip: false);

    public async Task<(HttpStatusCode Status, string Answer)> PostAsync(string path, byte[] body, bool isGzip)
    {
        using var content = new ByteArrayContent(body);
        if (isGzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        using var response = await Http.PostAsync(path, content);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>The process lives, is ready, is small, has logged no failure, and the neighbour's data is as it was.</summary>
    public async Task AssertUnharmedAsync()
    {
        Assert.True(_host!.IsAlive, _host.Complaints);
        using var ready = await Http.GetAsync("healthz/ready");
        Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
        Assert.Equal(_neighbourBefore, await FactsAsync(Neighbour));
        Assert.InRange(_host.WorkingSetBytes, 1, WorkingSetBytesMax);
        Assert.DoesNotContain("fail:", _host.Complaints, StringComparison.Ordinal);
        Assert.DoesNotContain("crit:", _host.Complaints, StringComparison.Ordinal);
    }

    public static string Order(string customer, int number, double total) => FormattableString.Invariant(
        $$$"""{"type":"track","userId":"{{{customer}}}","messageId":"{{{customer}}}-{{{number}}}","event":"Order Completed","properties":{"order_id":"{{{customer}}}-{{{number}}}","total":{{{total}}}}}""");

    public static byte[] Gzip(Stream source)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            source.CopyTo(gzip);
        }

        return packed.ToArray();
    }

    /// <summary>All of a customer that does not age.</summary>
    private async Task<string> FactsAsync(string customer)
    {
        using var view = JsonDocument.Parse(await Http.GetStringAsync($"api/customers/{customer}"));
        var root = view.RootElement;
        var features = root.GetProperty("features");
        return string.Join(
            '|',
            [
                .. new[] { "sequence", "traits", "firstSeen", "lastSeen" }.Select(name => root.GetProperty(name).GetRawText()),
                .. new[] { "frequency", "monetary", "views" }.Select(name => features.GetProperty(name).GetRawText()),
            ]);
    }
}
