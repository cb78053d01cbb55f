namespace CustomerSegmentation.Api.Tracking;

/// <summary>A call of the tracking API: the path it came by, or the <c>type</c> of a batch item.</summary>
internal enum TrackingCall : byte
{
    Unknown = 0,
    Track = 1,
    Identify = 2,
    Page = 3,
    Screen = 4,
    Group = 5,
    Alias = 6,
    Batch = 7,
}
