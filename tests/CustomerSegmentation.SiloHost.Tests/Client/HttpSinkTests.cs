using System.IO.Compression;
using System.Net;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.SiloHost.Client;
using CustomerSegmentation.SiloHost.Commands;
using CustomerSegmentation.SiloHost.Tests.Fakes;

namespace CustomerSegmentation.SiloHost.Tests.Client;

public sealed class HttpSinkTests
{
    [Fact]
    public async Task Order_is_written_as_the_tracking_api_reads_it()
    {
        var service = new FakeService("""{"success":true}""");
        var order = new CustomerEvent
        {
            MessageId = "m1", Kind = EventKind.OrderCompleted, TimestampMs = 1_700_000_000_123, OrderId = "o1", Amount = 12.5, Shipping = 2, Discount = 1,
            Channel = Channel.MobileApp, Device = DeviceKind.Mobile, SessionId = "s1", Products = [new ProductLine { ProductId = "p", Price = 5.25, Quantity = 2, Category = "Toys" }],
        };

        var result = await service.Sink().SendAsync([new TrackRequest { CustomerId = "ada", Events = [order] }], CancellationToken.None);

        var item = service.Batches[0].GetProperty("batch")[0];
        Assert.Equal(("track", "Order Completed", "ada", "m1"), (Text(item, "type"), Text(item, "event"), Text(item, "userId"), Text(item, "messageId")));
        Assert.Equal("2023-11-14T22:13:20.123Z", Text(item, "timestamp"));
        Assert.Equal(12.5, item.GetProperty("properties").GetProperty("total").GetDouble());
        Assert.Equal("Toys", Text(item.GetProperty("properties").GetProperty("products")[0], "category"));
        Assert.Equal("mobile", Text(item.GetProperty("context").GetProperty("device"), "type"));
        Assert.Equal(1, result.Taken);
    }

    [Fact]
    public async Task Traits_become_an_identify_call()
    {
        var service = new FakeService("""{"success":true}""");
        var identify = new CustomerEvent
        {
            MessageId = "m", Kind = EventKind.TraitsIdentified, TimestampMs = 0,
            Traits = [new Trait { Name = "country", Value = "UK" }, new Trait { Name = "age", Value = "41", Number = 41 }],
        };

        await service.Sink().SendAsync([new TrackRequest { CustomerId = "ada", Events = [identify] }], CancellationToken.None);

        var traits = service.Batches[0].GetProperty("batch")[0].GetProperty("traits");
        Assert.Equal(("UK", 41), (Text(traits, "country"), traits.GetProperty("age").GetInt32()));
    }

    [Fact]
    public async Task Many_events_are_cut_into_batches_within_the_limits()
    {
        var service = new FakeService("""{"success":true}""");
        List<CustomerEvent> events =
            [.. Enumerable.Range(0, 4_500).Select(number => new CustomerEvent { MessageId = $"m{number}", Kind = EventKind.ProductViewed, TimestampMs = number })];

        await service.Sink().SendAsync([new TrackRequest { CustomerId = "ada", Events = events }], CancellationToken.None);

        Assert.Equal(4_500, service.Batches.Sum(batch => batch.GetProperty("batch").GetArrayLength()));
        Assert.All(service.Batches, batch => Assert.InRange(batch.GetProperty("batch").GetArrayLength(), 1, 2_000));
        Assert.All(service.BodyBytes, bytes => Assert.InRange(bytes, 1, 500 * 1024));
    }

    [Fact]
    public async Task Overloaded_service_is_asked_again_after_the_time_it_names()
    {
        var service = new FakeService("""{"success":true}""") { Refusals = 3 };
        var clock = new TestClock();

        var result = await service.Sink(clock).SendAsync([Request()], CancellationToken.None);

        Assert.Equal((1, 4), (result.Taken, service.Requests));
        Assert.True(clock.GetElapsedTime(0) >= TimeSpan.FromSeconds(21));
    }

    [Fact]
    public async Task Service_that_stays_overloaded_is_given_up()
    {
        var service = new FakeService("""{"success":true}""") { Refusals = int.MaxValue };

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => service.Sink().SendAsync([Request()], CancellationToken.None));

        Assert.Contains("a queue is full", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rejected_and_erased_items_are_told_apart()
    {
        var service = new FakeService("""{"success":true,"accepted":3,"duplicates":2,"rejected":[{"index":0,"code":"erased"},{"index":1,"code":"invalid_timestamp"}]}""");

        var result = await service.Sink().SendAsync([Request()], CancellationToken.None);

        Assert.Equal((3, 2, 1, 1), (result.Added, result.Known, result.Erased, result.Refused));
    }

    [Fact]
    public async Task Wrong_key_fails_with_the_reason()
    {
        var service = new FakeService("""{"code":"unauthorized","message":"the key is not known"}""") { Status = HttpStatusCode.Unauthorized };

        var failure = await Assert.ThrowsAsync<CommandFailure>(() => service.Sink().SendAsync([Request()], CancellationToken.None));

        Assert.Contains("the key is not known", failure.Message, StringComparison.Ordinal);
    }

    private static TrackRequest Request() =>
        new() { CustomerId = "ada", Events = [new CustomerEvent { MessageId = "m", Kind = EventKind.CartViewed, TimestampMs = 1 }] };

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private sealed class FakeService(string answer) : HttpMessageHandler
    {
        public HttpStatusCode Status { get; init; } = HttpStatusCode.OK;

        public int Refusals { get; set; }

        public int Requests { get; private set; }

        public List<JsonElement> Batches { get; } = [];

        public List<int> BodyBytes { get; } = [];

        public HttpSink Sink(TestClock? clock = null) =>
            HttpSink.ForWriteKey(new ServiceClient(new Uri("http://shop.test/"), "write_key", clock ?? new TestClock(), this));

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests++;
            if (Refusals > 0)
            {
                Refusals--;
                var refusal = new HttpResponseMessage(HttpStatusCode.TooManyRequests)
                {
                    Content = new StringContent("""{"code":"overloaded","message":"a queue is full"}""", Encoding.UTF8, "application/json"),
                };
                refusal.Headers.RetryAfter = new(TimeSpan.FromSeconds(7));
                return refusal;
            }

            await using var gzip = new GZipStream(await request.Content!.ReadAsStreamAsync(cancellationToken), CompressionMode.Decompress);
            using var plain = new MemoryStream();
            await gzip.CopyToAsync(plain, cancellationToken);
            BodyBytes.Add((int)plain.Length);
            Batches.Add(JsonDocument.Parse(plain.ToArray()).RootElement);
            return new HttpResponseMessage(Status) { Content = new StringContent(answer, Encoding.UTF8, "application/json") };
        }
    }
}
