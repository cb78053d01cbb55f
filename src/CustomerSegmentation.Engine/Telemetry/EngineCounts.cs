namespace CustomerSegmentation.Engine.Telemetry;

/// <summary>What an engine in this process has done since its start, and how much it holds now.</summary>
public readonly record struct EngineCounts
{
    /// <summary>Events taken and committed.</summary>
    public long Events { get; init; }

    /// <summary>Events refused with a reason.</summary>
    public long Rejections { get; init; }

    /// <summary>Customers that changed their segment.</summary>
    public long Transitions { get; init; }

    /// <summary>Customers in memory now.</summary>
    public int ActiveCustomers { get; init; }

    /// <summary>Estimated bytes of the customers in memory.</summary>
    public long ActiveBytes { get; init; }

    /// <summary>Bytes of customers in memory that the settings allow.</summary>
    public long ActiveBytesMax { get; init; }

    /// <summary>Customers in memory that wait for the sequence encoder.</summary>
    public int WaitingForEncoder { get; init; }
}
