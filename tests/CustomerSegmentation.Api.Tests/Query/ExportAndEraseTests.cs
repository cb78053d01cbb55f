using CustomerSegmentation.Engine;
using CustomerSegmentation.Engine.Embedded;
using System.Net;
using System.Text.Json;
using CustomerSegmentation.Api.Tests.Fakes;
using CustomerSegmentation.Storage.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Api.Tests.Query;

/// <summary>Over HTTP on the embedded engine with SQLite: what an export shows is what an erasure removes.</summary>
public sealed class ExportAndEraseTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("export").FullName;
    private SqliteStorage _storage = null!;
    private EmbeddedEngine _engine = null!;
    private ApiServer _server = null!;

    public async Task InitializeAsync()
    {
        _storage = await SqliteStorage.OpenAsync(new SqliteStorageOptions { Path = Path.Combine(_folder, "shop.db") }, TimeProvider.System);
        _engine = await EmbeddedEngine.StartAsync(
            _storage, new EngineOptions { ScheduleSegmentations = false }, TimeProvider.System, NullLoggerFactory.Instance, scheduler: null);
        _server = await ApiServer.StartAsync(engine: _engine);
    }

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _engine.DisposeAsync();
        await _storage.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("ada")]
    [InlineData("phone")]
    public async Task Export_counts_what_the_receipt_of_an_erasure_counts(string asked)
    {
        await FillAsync();
        using var export = await ExportAsync(asked);
        var root = export.RootElement;

        Assert.Equal(["ada", "phone"], root.GetProperty("ids").EnumerateArray().Select(i => i.GetProperty("id").GetString()));
        var ada = root.GetProperty("ids")[0];
        Assert.Equal(42, ada.GetProperty("customer").GetProperty("features").GetProperty("monetary").GetDouble());
        Assert.Equal("France", ada.GetProperty("customer").GetProperty("traits").GetProperty("country").GetString());
        Assert.Equal("buyers", ada.GetProperty("audiences")[0].GetProperty("audience").GetString());
        Assert.Equal("ada", root.GetProperty("ids")[1].GetProperty("mergedInto").GetString());
        var events = root.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(
            [("ada", 1, "OrderCompleted"), ("ada", 2, "TraitsIdentified"), ("ada", 3, "ProductViewed"), ("phone", 1, "ProductViewed"), ("phone", 2, "MergedInto")],
            events.Select(e => (
                e.GetProperty("customerId").GetString(), e.GetProperty("sequence").GetInt32(), e.GetProperty("event").GetProperty("kind").GetString())));
        Assert.Equal("o-1", events[0].GetProperty("event").GetProperty("orderId").GetString());
        Assert.Equal(2, root.GetProperty("rejections").GetArrayLength());
        Assert.True(root.GetProperty("complete").GetBoolean());
        Assert.DoesNotContain("\"ben\"", root.GetRawText(), StringComparison.Ordinal);

        using var answer = await _server.AdminAsync(HttpMethod.Delete, $"/api/customers/{asked}");
        using var receipt = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        foreach (var count in root.GetProperty("counts").EnumerateObject())
        {
            Assert.True(count.Value.GetInt64() > 0, count.Name);
            Assert.Equal(count.Value.GetInt64(), receipt.RootElement.GetProperty(count.Name).GetInt64());
        }
    }

    [Fact]
    public async Task Erased_customer_has_no_export_and_late_data_does_not_come_back()
    {
        await FillAsync();
        await _server.AdminAsync(HttpMethod.Delete, "/api/customers/ada");

        var late = await _server.TrackAsync("/v1/track", """{"anonymousId":"phone","event":"Product Viewed","messageId":"late-1"}""");
        await _server.TrackAsync("/v1/track", """{"userId":"ada","event":"Order Completed","properties":{"total":-1,"note":"secret"},"messageId":"late-2"}""");

        Assert.Equal(HttpStatusCode.BadRequest, late.StatusCode);
        foreach (var id in new[] { "ada", "phone" })
        {
            var export = await _server.AdminAsync(HttpMethod.Get, $"/api/customers/{id}/export");
            Assert.Equal(HttpStatusCode.Gone, export.StatusCode);
            Assert.Contains("\"erased\"", await export.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.NotFound, (await _server.AdminAsync(HttpMethod.Get, $"/api/customers/{id}")).StatusCode);
        }
        await _storage.DisposeAsync();
        var kept = await File.ReadAllTextAsync(Path.Combine(_folder, "shop.db"), System.Text.Encoding.Latin1);
        Assert.DoesNotContain("secret", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("o-1", kept, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_of_an_id_that_only_rejections_carry_shows_these()
    {
        await _server.TrackAsync("/v1/track", """{"userId":"eve","event":"Order Completed","properties":{"total":-1},"messageId":"bad-1"}""");

        using var export = await ExportAsync("eve");

        Assert.Equal("bad-1", export.RootElement.GetProperty("rejections")[0].GetProperty("messageId").GetString());
        Assert.Equal(0, export.RootElement.GetProperty("counts").GetProperty("events").GetInt64());
    }

    [Fact]
    public async Task Export_of_somebody_unknown_is_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await _server.AdminAsync(HttpMethod.Get, "/api/customers/nobody/export")).StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Unauthorized)]
    [InlineData(ApiServer.WriteKey, HttpStatusCode.Forbidden)]
    public async Task Export_needs_the_admin_key(string? key, HttpStatusCode expected)
    {
        await FillAsync();

        Assert.Equal(expected, (await _server.AdminAsync(HttpMethod.Get, "/api/customers/ada/export", key: key)).StatusCode);
    }

    /// <summary>A phone's history joins ada; one bad event of each is refused; ben is somebody else.</summary>
    private async Task FillAsync()
    {
        await _engine.Audiences.PutAsync("buyers", "Buyers", """{"feature":"frequency","op":">=","value":1}""");
        foreach (var (path, json) in new[]
        {
            ("/v1/track", """{"anonymousId":"phone","event":"Product Viewed","messageId":"m1","properties":{"product_id":"mug"}}"""),
            ("/v1/track", """{"userId":"ada","event":"Order Completed","messageId":"m2","properties":{"order_id":"o-1","total":42}}"""),
            ("/v1/track", """{"userId":"ben","event":"Order Completed","messageId":"m3","properties":{"order_id":"o-2","total":7}}"""),
            ("/v1/identify", """{"userId":"ada","anonymousId":"phone","messageId":"m4","traits":{"country":"France"}}"""),
            ("/v1/track", """{"userId":"ada","event":"Order Completed","messageId":"m5","properties":{"order_id":"o-3","total":-1}}"""),
            ("/v1/track", """{"anonymousId":"phone","event":"Order Completed","messageId":"m6","properties":{"order_id":"o-4","total":-1}}"""),
        })
        {
            await _server.TrackAsync(path, json);
        }
        await _engine.FlushAsync();
    }

    private async Task<JsonDocument> ExportAsync(string id)
    {
        var answer = await _server.AdminAsync(HttpMethod.Get, $"/api/customers/{id}/export");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    }
}
