using System.Net;
using System.Text.Json;
using CustomerSegmentation.Api.Tests.Fakes;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Api.Tests.Query;

public sealed class SteeringApiTests
{
    [Fact]
    public async Task Re_clustering_starts_with_defaults_and_says_where_to_look()
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.AdminAsync(HttpMethod.Post, "/api/segmentations");
        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        Assert.Equal("/api/segmentations/1", answer.Headers.Location?.ToString());
        var started = server.Engine.FakeCoordinator.Started!;
        Assert.Equal((null, 4, 8, true, 1, "api"), ((int?)null, started.MinSegments, started.MaxSegments, started.Activate, started.Seed, started.RequestedBy));
        using var view = await QueryApiTests.JsonAsync(server, answer.Headers.Location!.ToString());
        Assert.Equal("running", view.RootElement.GetProperty("status").GetString());
    }

    [Fact]
    public async Task Re_clustering_takes_what_the_body_says()
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.AdminAsync(
            HttpMethod.Post, "/api/segmentations", """{"segmentCount":6,"minSegments":10,"activate":false,"seed":42}""");
        var started = server.Engine.FakeCoordinator.Started!;
        Assert.Equal((6, 10, 10, false, 42), (started.SegmentCount, started.MinSegments, started.MaxSegments, started.Activate, started.Seed));
    }

    [Theory]
    [InlineData("""{"segmentCount":1}""")]
    [InlineData("""{"segmentCount":33}""")]
    [InlineData("""{"minSegments":9,"maxSegments":8}""")]
    [InlineData("""{"segments":5}""")]
    [InlineData("""{"seed":"x"}""")]
    [InlineData("[]")]
    [InlineData("{")]
    public async Task Wrong_re_clustering_is_refused(string body)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.AdminAsync(HttpMethod.Post, "/api/segmentations", body);
        await QueryApiTests.AssertProblemAsync(answer, HttpStatusCode.BadRequest, "invalid_format");
        Assert.Null(server.Engine.FakeCoordinator.Started);
    }

    [Fact]
    public async Task Version_is_activated_and_cancelled_by_its_paths()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.FakeCoordinator.Versions.Add(new SegmentationView { Version = 1, Status = SegmentationStatus.Ready, Step = "done" });
        server.Engine.FakeCoordinator.Versions.Add(new SegmentationView { Version = 2, Status = SegmentationStatus.Running, Step = "fitting" });
        Assert.Equal(HttpStatusCode.Accepted, (await server.AdminAsync(HttpMethod.Post, "/api/segmentations/1/activate")).StatusCode);
        await QueryApiTests.AssertProblemAsync(
            await server.AdminAsync(HttpMethod.Post, "/api/segmentations/2/activate"), HttpStatusCode.Conflict, "not_ready");
        await QueryApiTests.AssertProblemAsync(
            await server.AdminAsync(HttpMethod.Post, "/api/segmentations/3/activate"), HttpStatusCode.NotFound, "not_found");
        Assert.Equal(HttpStatusCode.OK, (await server.AdminAsync(HttpMethod.Post, "/api/segmentations/2/cancel")).StatusCode);
        using var list = await QueryApiTests.JsonAsync(server, "/api/segmentations?limit=1");
        Assert.Equal(2, Assert.Single(list.RootElement.GetProperty("items").EnumerateArray()).GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task Audience_is_put_listed_and_deleted()
    {
        await using var server = await ApiServer.StartAsync();
        using var put = await server.AdminAsync(HttpMethod.Put, "/api/audiences/big-spenders", """{"name":"Big spenders","rule":{"feature":"monetary","above":100}}""");
        using var json = JsonDocument.Parse(await put.Content.ReadAsStringAsync());
        Assert.Equal("""{"feature":"monetary","above":100}""", json.RootElement.GetProperty("rule").GetRawText());
        using var list = await QueryApiTests.JsonAsync(server, "/api/audiences");
        Assert.Equal("Big spenders", Assert.Single(list.RootElement.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await server.AdminAsync(HttpMethod.Delete, "/api/audiences/big-spenders")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.AdminAsync(HttpMethod.Delete, "/api/audiences/big-spenders")).StatusCode);
    }

    [Theory]
    [InlineData("Big", """{"rule":{}}""", "invalid_key")]
    [InlineData("a%0A", """{"rule":{}}""", "invalid_key")]
    [InlineData("a", """{"rule":7}""", "invalid_rule")]
    [InlineData("a", """{"name":"A"}""", "invalid_rule")]
    [InlineData("a", "", "invalid_rule")]
    [InlineData("a", """{"rule":{"nonsense":1}}""", "invalid_rule")]
    [InlineData("a", """{"rule":{},"x":1}""", "invalid_format")]
    [InlineData("a", """{"name":"a\u0000b","rule":{}}""", "invalid_name")]
    public async Task Wrong_audience_is_refused(string key, string body, string code)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.AdminAsync(HttpMethod.Put, "/api/audiences/" + key, body);
        await QueryApiTests.AssertProblemAsync(answer, HttpStatusCode.BadRequest, code);
    }

    [Fact]
    public async Task Body_over_the_bound_is_refused()
    {
        await using var server = await ApiServer.StartAsync(options => options.AdminRequestBytesMax = 1024);
        using var answer = await server.AdminAsync(
            HttpMethod.Put, "/api/audiences/a", "{\"rule\":{\"x\":\"" + new string('x', 2_000) + "\"}}");
        await QueryApiTests.AssertProblemAsync(answer, HttpStatusCode.BadRequest, "invalid_format");
    }
}
