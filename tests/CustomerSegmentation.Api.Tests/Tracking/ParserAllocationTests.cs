using System.Text;
using CustomerSegmentation.Api.Tracking;
using CustomerSegmentation.Api.Tracking.Parsing;

namespace CustomerSegmentation.Api.Tests.Tracking;

public sealed class ParserAllocationTests
{
    /// <summary>An event object, its message id, its share of a request and its one product line: what the engine keeps.</summary>
    private const int BytesPerEventMax = 700;

    [Fact]
    public void Batch_of_ordinary_events_allocates_what_the_events_hold_and_no_more()
    {
        const int events = 100;
        var body = Encoding.UTF8.GetBytes(SampleBatch.Json(events));
        var parser = new TrackParser();
        ParseOnce(parser, body);
        var before = GC.GetAllocatedBytesForCurrentThread();
        ParseOnce(parser, body);
        var perEvent = (GC.GetAllocatedBytesForCurrentThread() - before) / events;
        Assert.InRange(perEvent, 100, BytesPerEventMax);
    }

    private static void ParseOnce(TrackParser parser, byte[] body)
    {
        Assert.Null(parser.Parse(body, body.Length, TrackingCall.Batch, ParserHarness.Limits));
        Assert.Equal(100, parser.Build(ParserHarness.Received.ToUnixTimeMilliseconds()).Positions.Length);
        parser.Release();
    }
}
