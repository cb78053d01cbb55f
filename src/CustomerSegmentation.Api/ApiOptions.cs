using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.Api;

/// <summary>Keys and limits of the HTTP interface. Checked when the host starts; <see cref="ToString"/> hides the keys.</summary>
public sealed class ApiOptions
{
    /// <summary>Keys that may send events. At least one unless <see cref="RequireKeys"/> is false; 8 to 200 visible ASCII characters, no colon.</summary>
    public IList<string> WriteKeys { get; } = [];

    /// <summary>Keys that may read and steer, and send events under the importers' limits. Same form as <see cref="WriteKeys"/>.</summary>
    public IList<string> AdminKeys { get; } = [];

    /// <summary>False opens every path to everybody: for local play only.</summary>
    public bool RequireKeys { get; set; } = true;

    /// <summary>Largest event as JSON, in bytes.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int EventBytesMax { get; set; } = 32 * 1024;

    /// <summary>Largest request body as sent (compressed or not), in bytes.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int BatchBytesMax { get; set; } = 500 * 1024;

    /// <summary>Largest request body after decompression, in bytes.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int DecompressedBytesMax { get; set; } = 500 * 1024;

    /// <summary>Most events in one batch.</summary>
    [Range(1, 1_000_000)]
    public int BatchEventsMax { get; set; } = 2_500;

    /// <summary>Most property names in one event, over all its levels.</summary>
    [Range(1, 1_000_000)]
    public int PropertiesMax { get; set; } = 10_000;

    /// <summary>Largest event in a request with an admin key, in bytes.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int AdminEventBytesMax { get; set; } = 4 * 1024 * 1024;

    /// <summary>Largest body in a request with an admin key, sent or decompressed, in bytes.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int AdminBatchBytesMax { get; set; } = 8 * 1024 * 1024;

    /// <summary>Most events in one batch with an admin key.</summary>
    [Range(1, 1_000_000)]
    public int AdminBatchEventsMax { get; set; } = 20_000;

    /// <summary>Tracking requests at work at the same time; more are answered 429.</summary>
    [Range(1, 1_000_000)]
    public int RequestsInFlightMax { get; set; } = 1_024;

    /// <summary>Bytes of tracking bodies in memory at the same time; more are answered 429.</summary>
    [Range(64 * 1024, long.MaxValue)]
    public long BodyBytesInFlightMax { get; set; } = 128L * 1024 * 1024;

    /// <summary>What <c>Retry-After</c> says on 429 and 503, in seconds.</summary>
    [Range(1, 3_600)]
    public int RetryAfterSeconds { get; set; } = 1;

    /// <summary>Events before this are refused.</summary>
    public DateTimeOffset EarliestTimestamp { get; set; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Older events are refused, in milliseconds by the server's clock; 0 for any age.</summary>
    [Range(0, 36_500L * 86_400_000)]
    public long OldestMs { get; set; }

    /// <summary>How far ahead of the server's clock an event may be, in milliseconds, after correction for the sender's clock.</summary>
    [Range(0, 366L * 86_400_000)]
    public long LatestAheadMs { get; set; } = 86_400_000;

    /// <summary>Origins whose pages may send events; none for all (write keys are public by nature). Reading and steering are open to the same origin only.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Live streams open at the same time; more are answered 503.</summary>
    [Range(1, 100_000)]
    public int LiveStreamsMax { get; set; } = 64;

    /// <summary>Pause after which a silent live stream gets a heartbeat, in milliseconds.</summary>
    [Range(100, 600_000)]
    public int LiveHeartbeatMs { get; set; } = 15_000;

    /// <summary>Largest body of a request to <c>/api</c>, in bytes.</summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int AdminRequestBytesMax { get; set; } = 256 * 1024;

    /// <summary>Largest body that brings a model, in bytes.</summary>
    [Range(1024, int.MaxValue)]
    public long ModelUploadBytesMax { get; set; } = 514L << 20;

    /// <summary>The settings without the keys.</summary>
    public override string ToString() =>
        $"write keys: {WriteKeys.Count} (hidden), admin keys: {AdminKeys.Count} (hidden), require keys: {RequireKeys}, "
        + $"event bytes: {EventBytesMax}, batch bytes: {BatchBytesMax}, batch events: {BatchEventsMax}, "
        + $"requests in flight: {RequestsInFlightMax}, body bytes in flight: {BodyBytesInFlightMax}";
}
