using System.Net;
using System.Text.Json;
using CustomerSegmentation.Api.Tests.Fakes;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Api.Tests.Query;

public sealed class QueryApiTests
{
    private static readonly string[] Paths =
    [
        "/api/customers", "/api/customers/u", "/api/customers/u/history", "/api/customers/u/explanation", "/api/segments", "/api/segments/loyal",
        "/api/segments/flows", "/api/audiences", "/api/segmentations", "/api/segmentations/current", "/api/segmentations/1", "/api/models",
        "/api/rejections", "/api/live", "/api/nothing",
    ];

    [Fact]
    public async Task Paths_need_an_admin_key()
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var path in Paths)
        {
            using var none = await server.AdminAsync(HttpMethod.Get, path, key: null);
            await AssertProblemAsync(none, HttpStatusCode.Unauthorized, "missing_key");
            using var wrong = await server.AdminAsync(HttpMethod.Get, path, key: "admin-key-2");
            await AssertProblemAsync(wrong, HttpStatusCode.Unauthorized, "missing_key");
            using var write = await server.AdminAsync(HttpMethod.Get, path, key: ApiServer.WriteKey);
            await AssertProblemAsync(write, HttpStatusCode.Forbidden, "write_key");
        }
    }

    [Fact]
    public async Task Admin_key_is_taken_as_Bearer_as_Basic_and_in_its_own_header()
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var (name, value) in new[]
        {
            ("Authorization", "Bearer admin-key-1"), ("Authorization", "Basic YWRtaW4ta2V5LTE6"), ("X-Admin-Key", "admin-key-1"),
        })
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/api/models");
            request.Headers.Add(name, value);
            using var answer = await server.Client.SendAsync(request);
            Assert.Equal("""{"items":[],"lacking":null,"encoding":null,"text":null}""", await answer.Content.ReadAsStringAsync());
        }
    }

    [Fact]
    public async Task Without_required_keys_everything_is_open()
    {
        await using var server = await ApiServer.StartAsync(options => options.RequireKeys = false);
        using var read = await server.AdminAsync(HttpMethod.Get, "/api/segments", key: null);
        using var sent = await server.TrackAsync("/v1/page", """{"userId":"u"}""", key: null);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (read.StatusCode, sent.StatusCode));
    }

    [Fact]
    public async Task Customer_has_the_documented_shape()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Customers["u"] = new FakeCustomer("u", View("u"));
        using var answer = await server.AdminAsync(HttpMethod.Get, "/api/customers/u");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        var customer = json.RootElement;
        Assert.Equal("u", customer.GetProperty("id").GetString());
        Assert.Equal(
            """{"key":"loyal","name":"Loyal","probability":0.9,"since":"2026-01-01T00:00:00+00:00","version":2}""",
            customer.GetProperty("segment").GetRawText());
        Assert.Equal("""{"recencyDays":2.5,"monetary":10,"odd":null}""", customer.GetProperty("features").GetRawText());
        Assert.Equal("""{"country":"DE"}""", customer.GetProperty("traits").GetRawText());
        Assert.Equal("""[{"category":"Home","share":0.5}]""", customer.GetProperty("topCategories").GetRawText());
        Assert.Equal(JsonValueKind.Null, customer.GetProperty("encoder").ValueKind);
        Assert.Equal(4, customer.GetProperty("sequence").GetInt32());
        Assert.True(customer.TryGetProperty("firstSeen", out _) && customer.TryGetProperty("lastSeen", out _));
    }

    [Theory]
    [InlineData("a/b")]
    [InlineData("a%2Fb")]
    [InlineData("a%b")]
    [InlineData("😀 ü?x=1&y#z+")]
    [InlineData("history")]
    [InlineData("a//b")]
    public async Task Customer_id_travels_percent_encoded(string id)
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Customers[id] = new FakeCustomer(id, View(id));
        foreach (var (method, tail) in new[] { (HttpMethod.Get, ""), (HttpMethod.Get, "/explanation"), (HttpMethod.Get, "/history"), (HttpMethod.Delete, "") })
        {
            using var answer = await server.AdminAsync(method, "/api/customers/" + Uri.EscapeDataString(id) + tail);
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(id, json.RootElement.GetProperty(tail == "/explanation" ? "customerId" : "id").GetString());
        }
    }

    [Theory]
    [InlineData("/api/customers/unknown", "not_found", 404)]
    [InlineData("/api/customers/unknown/history", "not_found", 404)]
    [InlineData("/api/customers/unknown/explanation", "not_found", 404)]
    [InlineData("/api/customers/%FF", "invalid_format", 400)]
    [InlineData("/api/customers/a%0Ab", "invalid_format", 400)]
    [InlineData("/api/customers?limit=0", "invalid_format", 400)]
    [InlineData("/api/customers?limit=501", "invalid_format", 400)]
    [InlineData("/api/customers?limit=many", "invalid_parameter", 400)]
    [InlineData("/api/customers?cursor=nonsense", "invalid_format", 400)]
    [InlineData("/api/customers/u/history?before=x", "invalid_parameter", 400)]
    [InlineData("/api/segments/unknown", "not_found", 404)]
    [InlineData("/api/segments/flows?since=yesterday", "invalid_format", 400)]
    [InlineData("/api/segmentations/current", "not_found", 404)]
    [InlineData("/api/segmentations/9", "not_found", 404)]
    [InlineData("/api/segmentations/x", "not_found", 404)]
    [InlineData("/api/rejections?cursor=nonsense", "invalid_format", 400)]
    [InlineData("/api/nothing", "not_found", 404)]
    public async Task Wrong_request_is_answered_with_problem_details(string path, string code, int status)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.AdminAsync(HttpMethod.Get, path);
        await AssertProblemAsync(answer, (HttpStatusCode)status, code);
    }

    [Fact]
    public async Task Customer_that_the_engine_cannot_read_now_is_answered_503_with_Retry_After()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Customers["u"] = new FakeCustomer("u", View("u")) { Fault = new EngineUnavailableException("Memory is full.") };
        using var answer = await server.AdminAsync(HttpMethod.Get, "/api/customers/u");
        await AssertProblemAsync(answer, HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.NotNull(answer.Headers.RetryAfter);
        server.Engine.Customers["u"].Fault = new InvalidOperationException("A secret detail.");
        using var failed = await server.AdminAsync(HttpMethod.Get, "/api/customers/u");
        await AssertProblemAsync(failed, HttpStatusCode.InternalServerError, "internal_error");
        Assert.DoesNotContain("secret", await failed.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Customers_are_paged_by_cursor()
    {
        await using var server = await ApiServer.StartAsync();
        foreach (var id in new[] { "a", "b", "c" })
        {
            server.Engine.Customers[id] = new FakeCustomer(id, View(id));
        }

        using var first = await JsonAsync(server, "/api/customers?segment=loyal&limit=2");
        Assert.Equal(["a", "b"], first.RootElement.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()));
        using var second = await JsonAsync(server, "/api/customers?limit=2&cursor=" + first.RootElement.GetProperty("next").GetString());
        Assert.Equal("c", Assert.Single(second.RootElement.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal(JsonValueKind.Null, second.RootElement.GetProperty("next").ValueKind);
    }

    [Fact]
    public async Task Segments_and_flows_are_given()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Segments = new SegmentsView
        {
            Version = 3,
            Segments = [new SegmentView { Key = "loyal", Name = "Loyal", Description = "Often", Size = 5, MonetaryShare = double.NaN, Distinguishing = [] }],
        };
        using var all = await JsonAsync(server, "/api/segments");
        Assert.Equal("loyal", all.RootElement.GetProperty("segments")[0].GetProperty("key").GetString());
        Assert.Equal(JsonValueKind.Null, all.RootElement.GetProperty("segments")[0].GetProperty("monetaryShare").ValueKind);
        using var one = await JsonAsync(server, "/api/segments/loyal");
        Assert.Equal(5, one.RootElement.GetProperty("size").GetInt32());
        using var flows = await JsonAsync(server, "/api/segments/flows?since=2026-01-02T03:04:05Z");
        Assert.Equal("""[{"from":"new","to":"loyal","customers":3}]""", flows.RootElement.GetProperty("items").GetRawText());
        Assert.Equal(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), server.Engine.FlowsSince);
    }

    [Fact]
    public async Task Health_paths_follow_the_engine_and_need_no_key()
    {
        await using var server = await ApiServer.StartAsync();
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz/ready")).StatusCode);
        server.Engine.Health = new EngineHealth { Ready = false, Reason = "Reading the journal.", QueueFill = 0.5, Encoder = new EncoderHealth { Model = "shop 2", State = "reading", Waiting = 3, Readings = 9 } };
        using var ready = await server.Client.GetAsync("/healthz/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        Assert.Equal("""{"status":"unavailable","reason":"Reading the journal.","queueFill":0.5,"encoder":{"model":"shop 2","state":"reading","reason":null,"waiting":3,"readingsPerSecond":0,"readings":9,"refused":0}}""", await ready.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/healthz/live")).StatusCode);
    }

    internal static async Task<JsonDocument> JsonAsync(ApiServer server, string path)
    {
        using var answer = await server.AdminAsync(HttpMethod.Get, path);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
    }

    internal static async Task AssertProblemAsync(HttpResponseMessage answer, HttpStatusCode status, string code)
    {
        Assert.Equal(status, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(((int)status, code), (json.RootElement.GetProperty("status").GetInt32(), json.RootElement.GetProperty("code").GetString()));
    }

    private static CustomerView View(string id) => new()
    {
        Id = id,
        Segment = new SegmentMembership
        {
            Key = "loyal", Name = "Loyal", Probability = 0.9, Since = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), Version = 2,
        },
        Features = new Dictionary<string, double> { ["recencyDays"] = 2.5, ["monetary"] = 10, ["odd"] = double.PositiveInfinity },
        Traits = new Dictionary<string, string> { ["country"] = "DE" },
        TopCategories = [new CategoryInterest { Category = "Home", Share = 0.5 }],
        Sequence = 4,
    };
}
