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
}
