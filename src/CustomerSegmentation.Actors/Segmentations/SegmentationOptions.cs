namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Limits and settings of re-clusterings.</summary>
public sealed class SegmentationOptions
{
    /// <summary>Most customers that a fit is made on; a seeded sample stands for more. Default 200,000.</summary>
    public int SampleRowsMax { get; set; } = 200_000;

    /// <summary>Most bytes of feature vectors held while fitting; lowers <see cref="SampleRowsMax"/> where vectors are long. Default 256 MiB.</summary>
    public long SampleBytesMax { get; set; } = 256L << 20;

    /// <summary>
    /// Customers in a share, the part of the profile index that one worker reads at a time; its sampled vectors travel in one message. Default 10,000.
    /// </summary>
    public int ShareRowsMax { get; set; } = 10_000;

    /// <summary>
    /// Most bytes of points that a process keeps between the passes of a fit, so that it need not read them again. Default 256 MiB.
    /// </summary>
    public long ShareCacheBytesMax { get; set; } = 256L << 20;

    /// <summary>Profiles in one read of the profile index. Default 2,000.</summary>
    public int ReadBatchSize { get; set; } = 2_000;

    /// <summary>Customers in one bulk re-assignment. Default 2,000.</summary>
    public int AssignBatchSize { get; set; } = 2_000;

    /// <summary>Threads of a fit. Default 0: all processors.</summary>
    public int DegreeOfParallelism { get; set; }

    internal int Threads => DegreeOfParallelism > 0 ? DegreeOfParallelism : Environment.ProcessorCount;

    /// <summary>Hysteresis of new versions, 0 to below 1: leave a segment only for one whose squared distance is smaller by this part. Default 0.1.</summary>
    public float StayMargin { get; set; } = 0.1f;

    /// <summary>Bound of standardised features, in standard deviations. Default 4.</summary>
    public float Clip { get; set; } = 4;

    /// <summary>
    /// What new versions cluster customers by: Features, Embedding or Both. Without a sequence model, or while fewer customers than
    /// <see cref="EmbeddedShareMin"/> have an embedding of it, features alone. Default Features.
    /// </summary>
    public SegmentationSpaceKind Space { get; set; } = SegmentationSpaceKind.Features;

    /// <summary>Share of the customers, 0 to 1, that must have an embedding of the current model before it is clustered by. Default 0.5.</summary>
    public double EmbeddedShareMin { get; set; } = 0.5;

    /// <summary>
    /// Whether new versions also cluster customers by what they wrote: the mean embedding of their reviews and messages, beside <see cref="Space"/>. Without a text
    /// model, or while fewer customers than <see cref="TextShareMin"/> wrote something that it read, texts are left out. Default false.
    /// </summary>
    public bool Text { get; set; }

    /// <summary>Share of the customers, 0 to 1, that must have written something that the current text model read before texts are clustered by. Default 0.1.</summary>
    public double TextShareMin { get; set; } = 0.1;

    /// <summary>Hours between scheduled re-clusterings; 0 for none. Default 24.</summary>
    public double IntervalHours { get; set; } = 24;

    /// <summary>Customers needed for the first re-clustering that nobody asked for. Default 50.</summary>
    public int FirstAtCustomers { get; set; } = 50;

    /// <summary>Minutes between looks at whether a first re-clustering is due. Default 1.</summary>
    public double LookMinutes { get; set; } = 1;
}
