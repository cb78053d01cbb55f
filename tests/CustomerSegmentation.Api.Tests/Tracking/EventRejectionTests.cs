using System.Text;
using CustomerSegmentation.Api.Tracking;
using static CustomerSegmentation.Api.Tests.Tracking.ParserHarness;

namespace CustomerSegmentation.Api.Tests.Tracking;

public sealed class EventRejectionTests
{
    public static readonly TheoryData<string, string> BadEvents = new()
    {
        { """{"event":"E"}""", "no_user_anon_id" },
        { """{"userId":null,"anonymousId":"","event":"E"}""", "no_user_anon_id" },
        { """{"userId":"u"}""", "missing_event_name" },
        { """{"userId":"u","event":{"a":1}}""", "invalid_event_name" },
        { $$"""{"userId":"u","event":"{{new string('e', 501)}}"}""", "invalid_event_name" },
        { $$"""{"userId":"{{new string('i', 10_000)}}","event":"E"}""", "invalid_id" },
        { """{"userId":"a\u0000b","event":"E"}""", "invalid_id" },
        { """{"userId":"a\nb","event":"E"}""", "invalid_id" },
        { "{\"userId\":\"a\u0085b\",\"event\":\"E\"}", "invalid_id" },
        { """{"userId":"\ud83d","event":"E"}""", "invalid_id" },
        { """{"userId":true,"event":"E"}""", "invalid_id" },
        { """{"userId":["u"],"anonymousId":"a","event":"E"}""", "invalid_id" },
        { $$"""{"userId":"u","event":"E","messageId":"{{new string('m', 101)}}"}""", "invalid_message_id" },
        { """{"userId":"u","userId":"v","event":"E"}""", "duplicate_property" },
        { Custom("""{"a":1,"b":2,"a":3}"""), "duplicate_property" },
        { Order("""{"products":[{"price":1,"price":2}]}"""), "duplicate_property" },
        { """{"userId":"u","event":"E","properties":[1]}""", "invalid_type" },
        { """{"userId":"u","event":"E","timestamp":"yesterday"}""", "invalid_timestamp" },
        { """{"userId":"u","event":"E","timestamp":{"t":1}}""", "invalid_timestamp" },
        { """{"userId":"u","event":"E","timestamp":"0001-01-01T00:00:00Z"}""", "timestamp_out_of_range" },
        { """{"userId":"u","event":"E","timestamp":"9999-12-31T23:59:59.999Z"}""", "timestamp_out_of_range" },
        { """{"userId":"u","event":"E","timestamp":"2026-03-02T12:00:01Z"}""", "timestamp_out_of_range" },
        { Order("""{"total":-0.01}"""), "negative_amount" },
        { Order("""{"products":[{"price":-1}]}"""), "negative_amount" },
        { Order("""{"total":1e400}"""), "number_out_of_range" },
        { Order("""{"total":"NaN"}"""), "number_out_of_range" },
        { Order("""{"total":"Infinity"}"""), "number_out_of_range" },
        { Order("""{"total":1e13}"""), "number_out_of_range" },
        { Order("""{"products":[{"price":1e12,"quantity":1e12}]}"""), "number_out_of_range" },
        { Order("""{"total":"much"}"""), "invalid_type" },
        { Order("""{"total":{}}"""), "invalid_type" },
        { Order("""{"products":{"price":1}}"""), "invalid_type" },
        { Order("""{"products":[7]}"""), "invalid_type" },
        { Order("""{"products":[{"quantity":0}]}"""), "invalid_quantity" },
        { """{"userId":"u","event":"Product Reviewed","properties":{"product_id":1,"rating":6}}""", "invalid_rating" },
        { Custom("""{"a":[1e999]}"""), "number_out_of_range" },
        { Custom("""{"a":"\udc00"}"""), "invalid_text" },
        { Custom("""{"\udc00":1}"""), "invalid_text" },
        { Order("""{"currency":"\u0000"}"""), "invalid_text" },
        { Custom($$"""{"a":{{new string('[', 100)}}{{new string(']', 100)}}}"""), "too_deep" },
        { Custom($$"""{"a":"{{new string('x', 33_000)}}"}"""), "event_too_large" },
    };

    [Theory]
    [MemberData(nameof(BadEvents))]
    public void Bad_event_gets_its_code(string json, string code) => Assert.Equal(code, RejectedCode(json));

    [Theory]
    [MemberData(nameof(BadEvents))]
    public void Bad_event_in_a_batch_leaves_its_neighbours(string json, string code)
    {
        var bad = "{\"type\":\"track\"," + json[1..];
        var parsed = Parse(
            $$"""{"batch":[{"type":"track","userId":"before","event":"E"},{{bad}},{"type":"track","userId":"after","event":"E"}]}""", TrackingCall.Batch);
        Assert.Equal(["before", "after"], parsed.Requests.Select(request => request.CustomerId));
        var rejection = Assert.Single(parsed.Rejected);
        Assert.Equal((1, code), (rejection.Index, rejection.Code));
    }

    [Theory]
    [InlineData("""{"userId":"u"}""", TrackingCall.Group, "missing_group_id")]
    [InlineData("""{"userId":"u"}""", TrackingCall.Alias, "missing_previous_id")]
    [InlineData("""{"userId":"u","previousId":"u"}""", TrackingCall.Alias, "invalid_id")]
    [InlineData("""{"userId":"u","traits":"t"}""", TrackingCall.Identify, "invalid_type")]
    [InlineData("""{"userId":"u","traits":{"a":1e400}}""", TrackingCall.Identify, "number_out_of_range")]
    [InlineData("""{"userId":"u","traits":{"a":1,"a":2}}""", TrackingCall.Identify, "duplicate_property")]
    internal void Call_without_what_it_needs_gets_its_code(string json, TrackingCall call, string code) =>
        Assert.Equal(code, RejectedCode(json, call));

    [Fact]
    public void Property_names_beyond_the_bound_are_refused_in_linear_time()
    {
        var names = string.Join(',', Enumerable.Range(0, 10_001).Select(i => $"\"n{i}\":0"));
        var limits = Limits with { EventBytesMax = int.MaxValue };
        Assert.Equal("too_many_properties", Assert.Single(Parse(Custom("{" + names + "}"), TrackingCall.Track, limits).Rejected).Code);
    }

    [Fact]
    public void Invalid_utf8_costs_its_event_alone()
    {
        var body = Encoding.Latin1.GetBytes("{\"batch\":[{\"type\":\"page\",\"userId\":\"\u00ff\u00fe\"},{\"type\":\"page\",\"userId\":\"good\"}]}");
        var (_, parsed) = Parse(body, TrackingCall.Batch);
        Assert.Equal("good", Assert.Single(parsed!.Requests).CustomerId);
        Assert.Equal("invalid_utf8", Assert.Single(parsed.Rejected).Code);
    }

    [Fact]
    public void Byte_order_mark_is_passed_over()
    {
        var (fault, parsed) = Parse([0xEF, 0xBB, 0xBF, .. """{"userId":"u","event":"E"}"""u8], TrackingCall.Track);
        Assert.Null(fault);
        Assert.Single(parsed!.Requests);
    }

    [Fact]
    public void Excerpt_does_not_show_the_write_key()
    {
        var rejection = Assert.Single(Parse("""{"event":"E","writeKey":"very-secret"}""", TrackingCall.Track).Rejected);
        Assert.DoesNotContain("very-secret", rejection.Excerpt);
        Assert.Contains("***", rejection.Excerpt);
    }

    [Theory]
    [InlineData("2026-02-22T12:00:00Z", 0)]
    [InlineData("2026-02-22T11:59:59Z", 1)]
    public void Event_older_than_the_options_allow_is_refused(string time, int refused)
    {
        var limits = TrackLimits.Ordinary(new ApiOptions { OldestMs = 7 * 86_400_000 });

        var parsed = Parse($$"""{"userId":"u","event":"E","timestamp":"{{time}}"}""", TrackingCall.Track, limits);

        Assert.Equal(refused, parsed.Rejected.Count(rejected => rejected.Code == "timestamp_out_of_range"));
        Assert.Equal(1 - refused, parsed.Requests.Length);
    }
}
