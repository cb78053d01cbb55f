using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>Whatever a client sends: the process lives, stays small, keeps the good events, and the neighbours keep their data.</summary>
public sealed class HostileInputTests(HostileService service) : IClassFixture<HostileService>, IAsyncLifetime
{
    private const long Gigabyte = 1L << 30;

    public Task InitializeAsync() => Task.CompletedTask;

    /// <summary>After each test.</summary>
    public Task DisposeAsync() => service.AssertUnharmedAsync();

    [Fact]
    public async Task Random_bytes_are_answered_and_never_as_a_failure_of_the_service()
    {
        var random = new Random(7);
        string[] paths = ["v1/track", "v1/identify", "v1/page", "v1/group", "v1/alias", "v1/batch"];
        for (var round = 0; round < 300; round++)
        {
            var body = new byte[random.Next(0, 4_000)];
            random.NextBytes(body);
            if (round % 3 == 0)
            {
                // Damaged rather than random: most of it is in order.
                body = Encoding.UTF8.GetBytes($$"""{"batch":[{{HostileService.Order("damaged", round, 1)}}]}""");
                body[random.Next(body.Length)] = (byte)random.Next(256);
            }

            var (status, answer) = await service.PostAsync(paths[round % paths.Length], body, isGzip: round % 7 == 0);
            Assert.True(status is HttpStatusCode.OK or HttpStatusCode.BadRequest, $"{status}: {answer}");
        }
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Content-Length: 1073741824")]
    public async Task Body_of_a_gigabyte_is_refused_at_the_bound(string header)
    {
        using var socket = await OpenAsync(header);
        var stream = socket.GetStream();
        var answer = ReadLineAsync(stream);

        var sent = await PumpAsync(stream, header.EndsWith("chunked", StringComparison.Ordinal), answer);

        Assert.Equal("HTTP/1.1 400 Bad Request", await answer);
        Assert.InRange(sent, 0, Gigabyte / 8);
    }

    [Fact]
    public async Task Bodies_that_break_off_leave_nothing_behind()
    {
        var half = Encoding.UTF8.GetBytes($$"""{"batch":[{{HostileService.Order("cut-off", 1, 5)}},""");
        for (var connection = 0; connection < 50; connection++)
        {
            using var socket = await OpenAsync("Content-Length: 400000");
            await socket.GetStream().WriteAsync(half);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync("api/customers/cut-off")).StatusCode);
    }

    [Fact]
    public async Task Half_bodies_that_stay_open_hold_nobody_up()
    {
        var sockets = new List<TcpClient>();
        try
        {
            for (var connection = 0; connection < 12; connection++)
            {
                sockets.Add(await OpenAsync("Content-Length: 1000"));
                await sockets[^1].GetStream().WriteAsync("{\"batch\":["u8.ToArray());
            }

            Assert.Empty(await service.BatchAmongGoodAsync());
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1024)]
    public async Task Bomb_of_compressed_zeros_is_refused(int megabytes)
    {
        var bomb = HostileService.Gzip(new Zeros(megabytes * 1024L * 1024));

        var (status, answer) = await service.PostAsync("v1/batch", bomb, isGzip: true);

        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.Contains("body_too_large", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(70)]
    [InlineData(5_000)]
    [InlineData(100_000)]
    public async Task Deep_document_is_refused_alone(int depth)
    {
        var (open, close) = (new string('[', depth), new string(']', depth));

        Assert.Equal(["too_deep"], await service.BatchAmongGoodAsync($$"""{"type":"track","userId":"deep","event":"E","properties":{"x":{{open}}{{close}} } }"""));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("1e308")]
    [InlineData("\"NaN\"")]
    [InlineData("\"1e400\"")]
    public async Task Number_that_is_none_is_refused_alone(string number)
    {
        var codes = await service.BatchAmongGoodAsync(
            $$"""{"type":"track","userId":"numbers","event":"Order Completed","properties":{"order_id":"1","total":{{number}} } }""",
            $$"""{"type":"track","userId":"numbers","event":"Product Added","properties":{"product_id":"p","price":1,"quantity":{{number}} } }""");

        Assert.Equal(2, codes.Count);
        Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync("api/customers/numbers")).StatusCode);
    }

    [Theory]
    [InlineData("0001-01-01T00:00:00Z")]
    [InlineData("9999-12-31T23:59:59.999Z")]
    [InlineData("9999-12-31T23:59:59.999-14:00")]
    [InlineData("+275760-09-13T00:00:00Z")]
    [InlineData("2024-02-30T00:00:00Z")]
    [InlineData("yesterday")]
    public async Task Time_that_cannot_be_is_refused_alone(string time)
    {
        var code = Assert.Single(await service.BatchAmongGoodAsync($$"""{"type":"track","userId":"times","event":"E","timestamp":"{{time}}"}"""));

        Assert.True(code is "timestamp_out_of_range" or "invalid_timestamp", code);
    }

    [Fact]
    public async Task Ids_of_ten_thousand_characters_are_refused_alone()
    {
        var id = new string('x', 10_000);

        Assert.Equal(
            ["invalid_id", "invalid_id", "invalid_message_id"],
            await service.BatchAmongGoodAsync(
                $$"""{"type":"track","userId":"{{id}}","event":"E"}""",
                $$"""{"type":"track","anonymousId":"{{id}}","event":"E"}""",
                $$"""{"type":"track","userId":"long","messageId":"{{id}}","event":"E"}"""));
        var asked = (int)(await service.Http.GetAsync($"api/customers/{id}")).StatusCode;
        Assert.InRange(asked, 400, 499);
    }

    [Fact]
    public async Task Emoji_are_text_like_any_other()
    {
        Assert.Empty(await service.BatchAmongGoodAsync(
            """{"type":"identify","userId":"🦊 e\u0301","traits":{"motto":"👩‍👩‍👧‍👦 \uD83E\uDD8A","country":"日本"} }""",
            """{"type":"track","userId":"🦊 e\u0301","event":"🛒 geöffnet"}"""));

        using var view = JsonDocument.Parse(await service.Http.GetStringAsync($"api/customers/{Uri.EscapeDataString("🦊 e\u0301")}"));
        Assert.Equal("🦊 e\u0301", view.RootElement.GetProperty("id").GetString());
        Assert.Equal("👩‍👩‍👧‍👦 🦊", view.RootElement.GetProperty("traits").GetProperty("motto").GetString());
    }

    [Theory]
    [InlineData("\\u0000")]
    [InlineData("a\\u0000b")]
    [InlineData("\\ud800")]
    [InlineData("\\udc00\\ud800")]
    public async Task Text_that_no_text_is_allowed_to_be_harms_nobody(string text)
    {
        var codes = await service.BatchAmongGoodAsync(
            $$"""{"type":"track","userId":"{{text}}","event":"E"}""",
            $$"""{"type":"track","userId":"texts","messageId":"{{text}}","event":"E"}""",
            $$"""{"type":"track","userId":"texts","event":"{{text}}"}""",
            $$"""{"type":"track","userId":"texts","event":"Product Reviewed","properties":{"product_id":"{{text}}","review_body":"{{text}}","{{text}}":"{{text}}"} }""",
            $$"""{"type":"identify","userId":"texts","traits":{"{{text}}":"{{text}}"} }""");

        Assert.NotEmpty(codes);
        foreach (var path in new[] { "api/customers/%00", "api/customers/%ED%A0%80", "api/customers?cursor=%00&limit=1", "api/customers?segment=%00", "api/segments/%00" })
        {
            Assert.InRange((int)(await service.Http.GetAsync(path)).StatusCode, 200, 499);
        }
    }

    [Fact]
    public async Task Hundred_thousand_property_names_are_taken()
    {
        for (var batch = 0; batch < 20; batch++)
        {
            var first = batch * 5_000;
            var items = Enumerable.Range(0, 10).Select(e =>
                $$"""{"type":"track","userId":"names-{{e}}","event":"E{{first + e}}","properties":{ {{Names(first + (e * 500), 500)}} } }""");
            Assert.Empty(await service.BatchAmongGoodAsync([.. items]));
        }

        using var view = JsonDocument.Parse(await service.Http.GetStringAsync("api/customers/names-3"));
        Assert.Equal(20, view.RootElement.GetProperty("sequence").GetInt32());
    }

    [Fact]
    public async Task Hundred_thousand_traits_of_one_customer_are_bounded()
    {
        const int Each = 50;
        for (var batch = 0; batch < 20; batch++)
        {
            var items = Enumerable.Range(0, 100).Select(e =>
                $$"""{"type":"identify","userId":"vain","traits":{ {{Names(((batch * 100) + e) * Each, Each)}} } }""");
            Assert.Empty(await service.BatchAmongGoodAsync([.. items]));
        }

        using var view = JsonDocument.Parse(await service.Http.GetStringAsync("api/customers/vain"));
        Assert.Equal(2_000, view.RootElement.GetProperty("sequence").GetInt32());
        Assert.InRange(view.RootElement.GetProperty("traits").EnumerateObject().Count(), 1, 64);
    }

    [Fact]
    public async Task Asking_for_unknown_customers_makes_none()
    {
        for (var unknown = 0; unknown < 300; unknown++)
        {
            Assert.Equal(HttpStatusCode.NotFound, (await service.Http.GetAsync($"api/customers/unknown-{unknown}{(unknown % 3) switch { 0 => "", 1 => "/history", _ => "/explanation" }}")).StatusCode);
        }

        string? cursor = null;
        do
        {
            using var page = JsonDocument.Parse(await service.Http.GetStringAsync($"api/customers?limit=500{(cursor is null ? "" : "&cursor=" + Uri.EscapeDataString(cursor))}"));
            Assert.DoesNotContain(page.RootElement.GetProperty("items").EnumerateArray(), item => item.GetProperty("id").GetString()!.StartsWith("unknown-", StringComparison.Ordinal));
            cursor = page.RootElement.GetProperty("next").GetString();
        }
        while (cursor is not null);
    }

    [Theory]
    [InlineData("PUT", "api/audiences/a")]
    [InlineData("POST", "api/segmentations")]
    [InlineData("POST", "api/segmentations/1/activate")]
    [InlineData("POST", "api/rejections")]
    public async Task Steering_with_nonsense_is_refused_with_a_reason(string method, string path)
    {
        foreach (var body in new[] { "", "{", "[]", "null", "{\"rule\":" + new string('[', 5_000), "{\"segmentCount\":1e400}", "{\"segmentCount\":-1}", "\"\\ud800\"", new string(' ', 300_000) })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
            using var answer = await service.Http.SendAsync(request);

            // Nothing at all is a re-clustering as the defaults have it.
            var isStart = path == "api/segmentations" && body is ("" or "null");
            Assert.True(isStart || (int)answer.StatusCode is >= 400 and < 500, $"{body[..Math.Min(20, body.Length)]}: {answer.StatusCode}");
        }
    }

    private static string Names(int first, int count) =>
        string.Join(',', Enumerable.Range(first, count).Select(number => string.Create(CultureInfo.InvariantCulture, $"\"name-{number}\":{number}")));

    private async Task<TcpClient> OpenAsync(string header)
    {
        var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, service.Url.Port);
        await socket.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/batch HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {service.WriteKey}\r\n{header}\r\n\r\n"));
        return socket;
    }

    private static async Task<string?> ReadLineAsync(NetworkStream stream)
    {
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
        return await reader.ReadLineAsync();
    }

    private static async Task<long> PumpAsync(NetworkStream stream, bool isChunked, Task answer)
    {
        var block = new byte[64 * 1024];
        Array.Fill(block, (byte)' ');
        var sent = 0L;
        try
        {
            while (sent < Gigabyte && !answer.IsCompleted)
            {
                if (isChunked)
                {
                    await stream.WriteAsync("10000\r\n"u8.ToArray());
                }

                await stream.WriteAsync(block);
                sent += block.Length;
                if (isChunked)
                {
                    await stream.WriteAsync("\r\n"u8.ToArray());
                }
            }
        }
        catch (IOException)
        {
            // The service closed the connection: it has answered.
        }

        return sent;
    }
}
