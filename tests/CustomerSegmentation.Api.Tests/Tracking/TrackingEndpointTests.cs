using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Api.Tests.Fakes;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Api.Tests.Tracking;

public sealed class TrackingEndpointTests
{
    private const string Event = """{"userId":"u","event":"E","messageId":"m"}""";

    [Theory]
    [InlineData("/v1/track")]
    [InlineData("/v1/t")]
    [InlineData("/v1/identify")]
    [InlineData("/v1/i")]
    [InlineData("/v1/page")]
    [InlineData("/v1/p")]
    [InlineData("/v1/screen")]
    [InlineData("/v1/s")]
    [InlineData("/v1/group")]
    [InlineData("/v1/g")]
    [InlineData("/v1/alias")]
    [InlineData("/v1/a")]
    public async Task Path_takes_its_call(string path)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.TrackAsync(path, """{"userId":"u","event":"E","groupId":"g","previousId":"p"}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("""{"success":true}""", await answer.Content.ReadAsStringAsync());
        Assert.Equal("u", Assert.Single(server.Engine.Requests).CustomerId);
    }

    [Fact]
    public async Task Key_is_taken_from_every_place_that_SDKs_use()
    {
        await using var server = await ApiServer.StartAsync();
        (string? Header, string Body)[] good =
        [
            ("Basic " + Base64("write-key-1:"), Event),
            ("Basic " + Base64("write-key-1"), Event),
            ("Bearer write-key-1", Event),
            ("Bearer some-oauth-token", """{"userId":"u","event":"E","writeKey":"write-key-1"}"""),
            ("Basic " + Base64("admin-key-1:"), Event),
            (null, """{"userId":"u","event":"E","writeKey":"write-key-1"}"""),
        ];
        foreach (var (header, body) in good)
        {
            Assert.Equal(HttpStatusCode.OK, await PostAsync(server, header, body));
        }

        foreach (var header in new[] { null, "Basic " + Base64("write-key-2:"), "Basic !!!", "Bearer write-key", "Digest x" })
        {
            Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(server, header, Event));
        }

        Assert.Equal(good.Length, server.Engine.Events.Count);
    }

    [Fact]
    public async Task Key_behind_the_batch_is_found()
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.TrackAsync("/v1/batch", """{"batch":[{"type":"page","userId":"u"}],"writeKey":"write-key-1"}""", key: null);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData("text/plain", null, "plain")]
    [InlineData("application/x-www-form-urlencoded", null, "plain")]
    [InlineData("application/x-www-form-urlencoded", null, "gzip")]
    [InlineData(null, null, "gzip")]
    [InlineData("application/json", "gzip", "gzip")]
    [InlineData("application/json", "br", "br")]
    [InlineData("application/json", "deflate", "zlib")]
    [InlineData("application/json", "deflate", "deflate")]
    public async Task Json_is_read_whatever_the_headers_call_it(string? contentType, string? contentEncoding, string packing)
    {
        await using var server = await ApiServer.StartAsync();
        var content = new ByteArrayContent(Pack(Encoding.UTF8.GetBytes(Event), packing));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        if (contentEncoding is not null)
        {
            content.Headers.ContentEncoding.Add(contentEncoding);
        }

        using var answer = await server.SendAsync("/v1/track", content);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Single(server.Engine.Events);
    }

    [Fact]
    public async Task Batch_with_bad_items_is_taken_for_its_good_ones_and_says_which_were_bad()
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.TrackAsync(
            "/v1/batch", """{"batch":[{"type":"page","userId":"u"},{"type":"page","messageId":"bad"},{"type":"page","userId":"v"}]}""");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((true, 2), (json.RootElement.GetProperty("success").GetBoolean(), json.RootElement.GetProperty("accepted").GetInt32()));
        var rejected = Assert.Single(json.RootElement.GetProperty("rejected").EnumerateArray());
        Assert.Equal(
            (1, "no_user_anon_id", "bad"),
            (rejected.GetProperty("index").GetInt32(), rejected.GetProperty("code").GetString(), rejected.GetProperty("messageId").GetString()));
        var kept = Assert.Single(server.Engine.Rejections);
        Assert.Equal(("api", "no_user_anon_id", 1L), (kept.Source, kept.Code, kept.Position));
        Assert.StartsWith("{\"type\":\"page\"", kept.Excerpt);
    }

    [Theory]
    [InlineData("""{"event":"E"}""", "no_user_anon_id")]
    [InlineData("""{"userId":"u","event":"E" """, "invalid_json")]
    [InlineData("", "empty_body")]
    public async Task Single_bad_call_is_answered_400_with_its_code(string body, string code)
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.TrackAsync("/v1/track", body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(code, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.GetProperty("code").GetString());
        Assert.Equal(code, Assert.Single(server.Engine.Rejections).Code);
    }

    [Theory]
    [InlineData(TrackOutcome.Overloaded, 429)]
    [InlineData(TrackOutcome.Unavailable, 503)]
    public async Task Passing_fault_is_answered_with_Retry_After_and_logs_no_rejection(TrackOutcome outcome, int status)
    {
        await using var server = await ApiServer.StartAsync(options => options.RetryAfterSeconds = 7);
        server.Engine.Outcome = request => request.CustomerId == "b" ? outcome : TrackOutcome.Committed;
        using var answer = await server.TrackAsync(
            "/v1/batch", """{"batch":[{"type":"page","userId":"a"},{"type":"page","userId":"b"},{"type":"bad"}]}""");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(7), answer.Headers.RetryAfter?.Delta);
        Assert.Empty(server.Engine.Rejections);
    }

    [Fact]
    public async Task Engine_that_is_not_ready_or_fails_is_answered_503()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Outcome = _ => throw new InvalidOperationException("broken");
        using (var failed = await server.TrackAsync("/v1/track", Event))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, failed.StatusCode);
        }

        server.Engine.Health = new EngineHealth { Ready = false, Reason = "Starting." };
        using var starting = await server.TrackAsync("/v1/track", Event);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, starting.StatusCode);
        Assert.NotNull(starting.Headers.RetryAfter);
    }

    [Fact]
    public async Task Events_of_an_erased_customer_are_refused_one_by_one()
    {
        await using var server = await ApiServer.StartAsync();
        server.Engine.Outcome = request => request.CustomerId == "gone" ? TrackOutcome.Erased : TrackOutcome.Committed;
        using var answer = await server.TrackAsync(
            "/v1/batch", """{"batch":[{"type":"page","userId":"gone"},{"type":"page","userId":"u"},{"type":"page","userId":"gone"}]}""");
        using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.Equal([0, 2], json.RootElement.GetProperty("rejected").EnumerateArray().Select(item => item.GetProperty("index").GetInt32()));
        Assert.All(server.Engine.Rejections, rejection => Assert.Equal(("erased", null), (rejection.Code, rejection.CustomerId)));
        using var single = await server.TrackAsync("/v1/page", """{"userId":"gone"}""");
        Assert.Equal(HttpStatusCode.BadRequest, single.StatusCode);
    }

    [Fact]
    public async Task Request_beyond_those_in_flight_is_told_to_come_again()
    {
        await using var server = await ApiServer.StartAsync(options => options.RequestsInFlightMax = 1);
        var barrier = new TaskCompletionSource();
        server.Engine.Barrier = barrier.Task;
        var first = server.TrackAsync("/v1/track", Event);
        HttpResponseMessage second;
        do
        {
            // The first request is in flight as soon as the server has read it; until then a second one may get its place.
            second = await server.TrackAsync("/v1/track", "");
        }
        while (second.StatusCode == HttpStatusCode.BadRequest);

        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);
        Assert.NotNull(second.Headers.RetryAfter);
        barrier.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
    }

    [Fact]
    public async Task Admin_key_lifts_the_limits_for_importers()
    {
        await using var server = await ApiServer.StartAsync();
        var items = string.Join(',', Enumerable.Repeat("""{"type":"page","userId":"u"}""", 3_000));
        using var refused = await server.TrackAsync("/v1/batch", $$"""{"batch":[{{items}}]}""");
        using var taken = await server.TrackAsync("/v1/batch", $$"""{"batch":[{{items}}]}""", ApiServer.AdminKey);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, taken.StatusCode));
        Assert.Equal(3_000, server.Engine.Events.Count);
        Assert.Equal("""{"success":true,"accepted":3000,"duplicates":0}""", await taken.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Admin_key_lifts_the_limits_also_where_no_key_is_asked_for()
    {
        await using var server = await ApiServer.StartAsync(options => options.RequireKeys = false);
        var items = string.Join(',', Enumerable.Repeat("""{"type":"page","userId":"u"}""", 3_000));
        using var refused = await server.TrackAsync("/v1/batch", $$"""{"batch":[{{items}}]}""", "any-other-key");
        using var taken = await server.TrackAsync("/v1/batch", $$"""{"batch":[{{items}}]}""", ApiServer.AdminKey);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK), (refused.StatusCode, taken.StatusCode));
    }

    [Fact]
    public async Task Bomb_of_compressed_zeros_is_cut_off_at_the_bound()
    {
        await using var server = await ApiServer.StartAsync();
        using var answer = await server.SendAsync("/v1/batch", new ByteArrayContent(Pack(new byte[100 * 1024 * 1024], "gzip")));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("body_too_large", await answer.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Preflight_of_another_origin_is_allowed()
    {
        await using var server = await ApiServer.StartAsync();
        var request = new HttpRequestMessage(HttpMethod.Options, "/v1/t");
        request.Headers.Add("Origin", "https://shop.example");
        request.Headers.Add("Access-Control-Request-Method", "POST");
        request.Headers.Add("Access-Control-Request-Headers", "content-type,x-retry-count");
        using var answer = await server.Client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal("*", answer.Headers.GetValues("Access-Control-Allow-Origin").Single());
        Assert.Equal("content-type,x-retry-count", answer.Headers.GetValues("Access-Control-Allow-Headers").Single());
    }

    [Fact]
    public async Task Settings_tell_a_browser_SDK_where_to_send()
    {
        await using var server = await ApiServer.StartAsync();
        using var json = JsonDocument.Parse(await server.Client.GetStringAsync("/v1/projects/write-key-1/settings"));
        var sink = json.RootElement.GetProperty("integrations").GetProperty("Segment.io");
        Assert.Equal(server.Address.Authority + "/v1", sink.GetProperty("apiHost").GetString());
        using var refused = await server.Client.GetAsync("/v1/projects/other-key/settings");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    private static async Task<HttpStatusCode> PostAsync(ApiServer server, string? authorization, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/track") { Content = new StringContent(body) };
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        using var answer = await server.Client.SendAsync(request);
        return answer.StatusCode;
    }

    private static string Base64(string text) => Convert.ToBase64String(Encoding.UTF8.GetBytes(text));

    private static byte[] Pack(byte[] bytes, string packing)
    {
        var memory = new MemoryStream();
        using (Stream stream = packing switch
        {
            "gzip" => new GZipStream(memory, CompressionLevel.Fastest),
            "br" => new BrotliStream(memory, CompressionLevel.Fastest),
            "zlib" => new ZLibStream(memory, CompressionLevel.Fastest),
            "deflate" => new DeflateStream(memory, CompressionLevel.Fastest),
            _ => memory,
        })
        {
            stream.Write(bytes);
        }

        return memory.ToArray();
    }
}
