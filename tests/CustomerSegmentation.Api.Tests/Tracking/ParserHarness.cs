using System.Text;
using CustomerSegmentation.Api.Tracking;
using CustomerSegmentation.Api.Tracking.Parsing;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tests.Tracking;

/// <summary>Parses text as the endpoint does.</summary>
internal static class ParserHarness
{
    public static readonly DateTimeOffset Received = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    public static readonly TrackLimits Limits = TrackLimits.Ordinary(new ApiOptions());

    public static (BodyFault? Fault, ParsedTracking? Parsed) Parse(byte[] body, TrackingCall call, TrackLimits? limits = null)
    {
        var parser = new TrackParser();
        var fault = parser.Parse(body, body.Length, call, limits ?? Limits);
        var parsed = fault is null ? parser.Build(Received.ToUnixTimeMilliseconds()) : null;
        parser.Release();
        return (fault, parsed);
    }

    public static ParsedTracking Parse(string json, TrackingCall call, TrackLimits? limits = null)
    {
        var (fault, parsed) = Parse(Encoding.UTF8.GetBytes(json), call, limits);
        Assert.Null(fault);
        return parsed!;
    }

    public static CustomerEvent One(string json, TrackingCall call = TrackingCall.Track)
    {
        var parsed = Parse(json, call);
        Assert.Empty(parsed.Rejected);
        return Assert.Single(Assert.Single(parsed.Requests).Events);
    }

    public static string RejectedCode(string json, TrackingCall call = TrackingCall.Track)
    {
        var parsed = Parse(json, call);
        Assert.Empty(parsed.Requests);
        return Assert.Single(parsed.Rejected).Code;
    }

    /// <summary>A track call of a custom event with these properties.</summary>
    public static string Custom(string properties) => $$"""{"userId":"u","event":"Thing Done","messageId":"m","properties":{{properties}}}""";

    /// <summary>An order with these properties.</summary>
    public static string Order(string properties) => $$"""{"userId":"u","event":"Order Completed","messageId":"m","properties":{{properties}}}""";
}
