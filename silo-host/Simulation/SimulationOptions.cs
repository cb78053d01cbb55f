namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>A simulated shop. The same options give the same events.</summary>
public sealed record SimulationOptions
{
    /// <summary>Number of visitors, from 1.</summary>
    public int Customers { get; init; } = 1_000;

    /// <summary>Seed of every random choice.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>When the simulated time begins.</summary>
    public required DateTimeOffset Start { get; init; }

    /// <summary>Days after which the shop stands as its types say: newcomers come in the last weeks before it. More events follow for as long as one reads.</summary>
    public double HistoryDays { get; init; } = 90;
}
