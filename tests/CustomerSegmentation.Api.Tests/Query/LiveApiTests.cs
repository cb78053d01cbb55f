using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using CustomerSegmentation.Api.Tests.Fakes;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Api.Tests.Query;

public sealed class LiveApiTests
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Stream_gives_each_kind_of_item_under_its_name()
    {
        await using var server = await ApiServer.StartAsync();
        using var stream = await OpenAsync(server);
        await using var items = SseParser.Create(await stream.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        Assert.True(await items.MoveNextAsync());
        Assert.Equal("heartbeat", items.Current.EventType);
        server.Engine.Publish(new LiveEvent { Transition = new SegmentTransition { Time = Noon, CustomerId = "u", To = "loyal", Cause = "event" } });
        server.Engine.Publish(new LiveEvent { Time = Noon, Rates = new LiveRates { EventsPerSecond = 2.5 } });
        server.Engine.Publish(new LiveEvent
        {
            Time = Noon,
            Segmentation = new SegmentationView { Version = 1, Status = SegmentationStatus.Running, Step = "fitting" },
        });
        foreach (var (type, text) in new[] { ("transition", "\"customerId\":\"u\""), ("rates", "\"eventsPerSecond\":2.5"), ("segmentation", "\"status\":\"running\"") })
        {
            Assert.True(await items.MoveNextAsync());
            Assert.Equal(type, items.Current.EventType);
            Assert.Contains(text, items.Current.Data);
            using var item = JsonDocument.Parse(items.Current.Data);
            Assert.Equal(Noon, item.RootElement.GetProperty("time").GetDateTimeOffset());
        }
    }

    [Fact]
    public async Task Quiet_stream_gets_heartbeats()
    {
        await using var server = await ApiServer.StartAsync(options => options.LiveHeartbeatMs = 100);
        using var stream = await OpenAsync(server);
        await using var items = SseParser.Create(await stream.Content.ReadAsStreamAsync()).EnumerateAsync().GetAsyncEnumerator();
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await items.MoveNextAsync());
            Assert.Equal("heartbeat", items.Current.EventType);
        }
    }

    [Fact]
    public async Task Stream_beyond_the_bound_is_refused_and_a_closed_one_makes_room()
    {
        await using var server = await ApiServer.StartAsync(options => (options.LiveStreamsMax, options.LiveHeartbeatMs) = (1, 100));
        var first = await OpenAsync(server);
        using (var second = await OpenAsync(server))
        {
            await QueryApiTests.AssertProblemAsync(second, HttpStatusCode.ServiceUnavailable, "too_many_streams");
        }

        first.Dispose();
        HttpResponseMessage third;
        do
        {
            // The server notices the closed connection in its own time.
            third = await OpenAsync(server);
        }
        while (third.StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
        third.Dispose();
    }

    [Fact]
    public async Task Stopping_host_ends_the_stream()
    {
        var server = await ApiServer.StartAsync();
        using var stream = await OpenAsync(server);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync());
        Assert.StartsWith("event: heartbeat", await reader.ReadLineAsync());
        await server.DisposeAsync();
        Assert.DoesNotContain("event: ", await reader.ReadToEndAsync());
    }

    private static Task<HttpResponseMessage> OpenAsync(ApiServer server)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/api/live");
        request.Headers.Add("X-Admin-Key", ApiServer.AdminKey);
        return server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }
}
