namespace CustomerSegmentation.Api.Tracking;

/// <summary>The bounds of one request; a request with an admin key has wider ones.</summary>
internal sealed record TrackLimits(
    int BodyBytesMax, int DecompressedBytesMax, int EventBytesMax, int EventsMax, int PropertiesMax, long EarliestMs, long OldestMs,
    long LatestAheadMs)
{
    public static TrackLimits Ordinary(ApiOptions options) => new(
        options.BatchBytesMax, options.DecompressedBytesMax, options.EventBytesMax, options.BatchEventsMax, options.PropertiesMax,
        options.EarliestTimestamp.ToUnixTimeMilliseconds(), options.OldestMs, options.LatestAheadMs);

    public static TrackLimits Admin(ApiOptions options) => Ordinary(options) with
    {
        BodyBytesMax = Math.Max(options.AdminBatchBytesMax, options.BatchBytesMax),
        DecompressedBytesMax = Math.Max(options.AdminBatchBytesMax, options.DecompressedBytesMax),
        EventBytesMax = Math.Max(options.AdminEventBytesMax, options.EventBytesMax),
        EventsMax = Math.Max(options.AdminBatchEventsMax, options.BatchEventsMax),
    };
}
