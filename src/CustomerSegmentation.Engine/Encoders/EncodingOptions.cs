using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.Engine.Encoders;

/// <summary>Limits of the background work that has customers' events read by the sequence encoder.</summary>
public sealed class EncodingOptions
{
    /// <summary>Customers whose events are on their way through the encoder at once. Default 256.</summary>
    [Range(1, 65_536)]
    public int InFlightMax { get; set; } = 256;

    /// <summary>Customers that may wait for the encoder in memory; those beyond it are found again by their profile rows. Default 100,000.</summary>
    [Range(1, 10_000_000)]
    public int QueueMax { get; set; } = 100_000;

    /// <summary>Customers a second that are woken after another model became current, so that all are read by it. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int SweepPerSecondMax { get; set; } = 1_000;

    /// <summary>Longest pause before the encoder is asked again after it took nothing, in milliseconds; pauses begin at 50 ms and double. Default 5,000.</summary>
    [Range(50, 600_000)]
    public int PauseMsMax { get; set; } = 5_000;
}
