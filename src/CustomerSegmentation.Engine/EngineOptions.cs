using System.ComponentModel.DataAnnotations;
using CustomerSegmentation.Actors.Segmentations;
using CustomerSegmentation.Engine.Encoders;

namespace CustomerSegmentation.Engine;

/// <summary>Limits and rhythms of an engine in one process.</summary>
public sealed class EngineOptions
{
    /// <summary>
    /// Customers in memory. From four fifths on, whoever is not in use leaves; at the limit, events of others are refused for the moment. Default 200,000.
    /// </summary>
    [Range(1, 100_000_000)]
    public int ActiveCustomersMax { get; set; } = 200_000;

    /// <summary>
    /// Estimated bytes of the customers in memory; leaving and refusal as for <see cref="ActiveCustomersMax"/>. Those who are in memory are served in any case
    /// and may grow a little beyond. Default 1 GiB.
    /// </summary>
    [Range(1 << 16, long.MaxValue)]
    public long ActiveBytesMax { get; set; } = 1L << 30;

    /// <summary>Seconds without a turn after which a customer leaves memory. Default 900.</summary>
    [Range(1, 86_400)]
    public double IdleSeconds { get; set; } = 900;

    /// <summary>Turns that may wait for one customer; more are refused. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int WaitingTurnsMax { get; set; } = 1_000;

    /// <summary>Milliseconds after which a customer whose segment or audiences changed is written to the profile index. Default 250.</summary>
    [Range(0, 60_000)]
    public int VisibleCheckpointMs { get; set; } = 250;

    /// <summary>Milliseconds after which any other changed customer is written. Default 5,000.</summary>
    [Range(0, 3_600_000)]
    public int CheckpointMs { get; set; } = 5_000;

    /// <summary>Customers handed to the storage at once, which may cut them into several transactions. Default 1,024.</summary>
    [Range(1, 10_000)]
    public int CheckpointBatchMax { get; set; } = 1_024;

    /// <summary>Milliseconds between rounds of the background work. Default 100.</summary>
    [Range(1, 60_000)]
    public int TickMs { get; set; } = 100;

    /// <summary>Milliseconds between looks for customers whom time alone may move. Default 1,000.</summary>
    [Range(1, 3_600_000)]
    public int SweepMs { get; set; } = 1_000;

    /// <summary>Customers woken in one look. Default 500.</summary>
    [Range(1, 100_000)]
    public int SweepBatchMax { get; set; } = 500;

    /// <summary>Hours after which the latest event makes the shop a history, whose own end is the reference time. Default 168.</summary>
    [Range(0.1, 1_000_000)]
    public double HistoricalAfterHours { get; set; } = 168;

    /// <summary>Items that a reader of the live stream may lag behind before it loses the oldest. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int LiveItemsMax { get; set; } = 1_000;

    /// <summary>Readers of the live stream at once. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int LiveReadersMax { get; set; } = 1_000;

    /// <summary>Whether the engine re-clusters by itself (see <see cref="SegmentationOptions.IntervalHours"/>). Default true.</summary>
    public bool ScheduleSegmentations { get; set; } = true;

    public EncodingOptions Encoding { get; set; } = new();

    public SegmentationOptions Segmentation { get; set; } = new();
}
