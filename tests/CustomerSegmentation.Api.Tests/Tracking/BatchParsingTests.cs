using System.Text;
using CustomerSegmentation.Api.Tracking;
using CustomerSegmentation.Contracts.Events;
using static CustomerSegmentation.Api.Tests.Tracking.ParserHarness;

namespace CustomerSegmentation.Api.Tests.Tracking;

public sealed class BatchParsingTests
{
    [Fact]
    public void Batch_groups_by_customer_and_keeps_each_order()
    {
        var parsed = Parse(
            """
            {"batch":[{"type":"page","userId":"a","messageId":"1"},{"type":"page","userId":"b","messageId":"2"},{"type":"nonsense","userId":"a"},
             {"type":"page","userId":"a","messageId":"3"},{"type":"page","userId":"b","messageId":"4"}]}
            """, TrackingCall.Batch);
        Assert.Equal(["a", "b"], parsed.Requests.Select(request => request.CustomerId));
        Assert.Equal(["1", "3"], parsed.Requests[0].Events.Select(each => each.MessageId));
        Assert.Equal(["2", "4"], parsed.Requests[1].Events.Select(each => each.MessageId));
        Assert.Equal([0, 3, 1, 4], parsed.Positions);
        Assert.Equal((2, "unknown_type"), (parsed.Rejected[0].Index, parsed.Rejected[0].Code));
    }

    [Fact]
    public void Outer_context_and_sentAt_behind_the_batch_reach_its_events()
    {
        var parsed = Parse(
            """
            {"batch":[{"type":"track","event":"E","userId":"a","timestamp":"2026-03-01T10:00:00Z"},
             {"type":"track","event":"E","userId":"a","timestamp":"2026-03-01T10:00:00Z","context":{"device":{"type":"tablet"}},"channel":"email"}],
             "context":{"app":{"name":"Shop"},"device":{"type":"ios"}},"sentAt":"2026-03-01T11:00:00Z","writeKey":"k"}
            """, TrackingCall.Batch);
        var events = Assert.Single(parsed.Requests).Events;
        Assert.Equal([(Channel.MobileApp, DeviceKind.Mobile), (Channel.Email, DeviceKind.Tablet)], events.Select(each => (each.Channel, each.Device)));
        Assert.All(events, each => Assert.Equal(Received.AddHours(-1).ToUnixTimeMilliseconds(), each.TimestampMs));
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("undefined")]
    [InlineData("01")]
    [InlineData("'text'")]
    [InlineData("\"a\tb\"")]
    public void Bare_word_in_one_item_costs_that_item_alone(string word)
    {
        var parsed = Parse(
            $$$"""{"writeKey":"k","batch":[{"type":"page","userId":"a"},{"type":"page","userId":"b","properties":{"x":{{{word}}}}},{"type":"page","userId":"c"}],"sentAt":null}""",
            TrackingCall.Batch);
        Assert.Equal(["a", "c"], parsed.Requests.Select(request => request.CustomerId));
        Assert.Equal((1, "invalid_json"), (parsed.Rejected[0].Index, parsed.Rejected[0].Code));
    }

    [Theory]
    [InlineData("""{"batch":[{"type":"page","userId":"a"}""", "invalid_json")]
    [InlineData("""{"batch":[{"type":"page","userId":"a"}]""", "invalid_json")]
    [InlineData("""{"batch":[]} trailing""", "invalid_json")]
    [InlineData("""[]""", "invalid_json")]
    [InlineData("""7""", "invalid_json")]
    [InlineData("", "empty_body")]
    [InlineData(" \r\n", "empty_body")]
    [InlineData("""{"writeKey":"k"}""", "missing_batch")]
    [InlineData("""{"batch":{}}""", "missing_batch")]
    [InlineData("""{"batch":[],"batch":[]}""", "missing_batch")]
    public void Body_that_is_no_batch_is_refused_whole(string json, string code) =>
        Assert.Equal(code, Parse(Encoding.UTF8.GetBytes(json), TrackingCall.Batch).Fault?.Code);

    [Fact]
    public void Batch_with_too_many_events_is_refused_whole()
    {
        var items = string.Join(',', Enumerable.Repeat("""{"type":"page","userId":"a"}""", 2_501));
        Assert.Equal("too_many_events", Parse(Encoding.UTF8.GetBytes($$"""{"batch":[{{items}}]}"""), TrackingCall.Batch).Fault?.Code);
    }

    [Fact]
    public void Items_that_are_not_objects_are_refused_one_by_one()
    {
        var parsed = Parse("""{"batch":[null,7,"x",[{}],{"type":"page","userId":"a"}]}""", TrackingCall.Batch);
        Assert.Equal([0, 1, 2, 3], parsed.Rejected.Select(rejection => rejection.Index));
        Assert.All(parsed.Rejected, rejection => Assert.Equal("invalid_type", rejection.Code));
        Assert.Single(parsed.Requests);
    }
}
