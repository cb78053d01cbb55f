using System.ComponentModel.DataAnnotations;

namespace CustomerSegmentation.Engine.Orleans.Inference;

/// <summary>How a silo that runs no models asks those that do.</summary>
public sealed class InferenceCallOptions
{
    /// <summary>Customers whose events go in one call. Default 256.</summary>
    [Range(1, 4_096)]
    public int BatchMax { get; set; } = 256;

    /// <summary>Milliseconds that a customer's events wait at most for others; a full batch leaves at once. Default 2.</summary>
    [Range(0, 1_000)]
    public double WaitMs { get; set; } = 2;

    /// <summary>Calls to one silo that may be under way at once. Default 8.</summary>
    [Range(1, 1_024)]
    public int CallsMax { get; set; } = 8;

    /// <summary>Customers that may wait to be sent; more are answered as busy. Default 4,096.</summary>
    [Range(1, 1_000_000)]
    public int QueueMax { get; set; } = 4_096;

    /// <summary>
    /// Seconds after which a model without any silo to run it counts as absent: then customers go on without one, and are looked through when it comes back. A restart
    /// of the only such silo that is shorter costs a pause alone. Default 30.
    /// </summary>
    [Range(1, 3_600)]
    public double AbsentSeconds { get; set; } = 30;
}
