using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.Client;

/// <summary>Which cluster a client speaks to, and how patient it is.</summary>
public sealed class ClientOptions
{
    /// <summary>Npgsql's connection string of the database in which the silos find each other; reading their list is all the client does there.</summary>
    [Required]
    public string ConnectionString { get; set; } = "";

    /// <summary>The schema. Default <c>segmentation</c>.</summary>
    [RegularExpression("^[a-z_][a-z0-9_]{0,62}$")]
    public string Schema { get; set; } = "segmentation";

    /// <summary>The cluster's name, as its silos have it. Default <c>segmentation</c>.</summary>
    [Required]
    public string Cluster { get; set; } = "segmentation";

    /// <summary>How often events that were not committed are sent again, under the same message ids, so that they count once. Default 5.</summary>
    [Range(0, 100)]
    public int RetriesMax { get; set; } = 5;

    /// <summary>Milliseconds before the first repetition; each further one waits twice as long. Default 100.</summary>
    [Range(1, 60_000)]
    public int RetryDelayMs { get; set; } = 100;

    /// <summary>
    /// Events in one call to a customer. While a call of a customer's is under way, others about the same customer wait, and go together in the next one. A call that
    /// brings more goes alone. Default 1,000.
    /// </summary>
    [Range(1, 100_000)]
    public int BatchEventsMax { get; set; } = 1_000;

    /// <summary>Estimated bytes in one call that was gathered so; 1 KiB to 64 MiB. Default 1 MiB.</summary>
    [Range(1L << 10, 64L << 20)]
    public long BatchBytesMax { get; set; } = 1L << 20;

    /// <summary>Events that may wait for an answer, over all customers: once there are as many, further calls are answered <c>Overloaded</c>. Default 100,000.</summary>
    [Range(1, 100_000_000)]
    public int PendingEventsMax { get; set; } = 100_000;

    /// <summary>Estimated bytes of them; 1 KiB to 1 TiB. Default 128 MiB.</summary>
    [Range(1L << 10, 1L << 40)]
    public long PendingBytesMax { get; set; } = 128L << 20;
}
