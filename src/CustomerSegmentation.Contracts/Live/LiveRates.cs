using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Live;

/// <summary>The system's pulse, once a second.</summary>
[DataContract]
public sealed class LiveRates
{
    [DataMember(Order = 0)] public double EventsPerSecond { get; init; }
    [DataMember(Order = 1)] public double RejectionsPerSecond { get; init; }
    [DataMember(Order = 2)] public double TransitionsPerSecond { get; init; }

    /// <summary>Events taken since the start.</summary>
    [DataMember(Order = 3)] public long Events { get; init; }

    /// <summary>Rejections since the start.</summary>
    [DataMember(Order = 4)] public long Rejections { get; init; }

    /// <summary>Customers known.</summary>
    [DataMember(Order = 5)] public long Customers { get; init; }

    /// <summary>Customers whose actor is in memory.</summary>
    [DataMember(Order = 6)] public long ActiveCustomers { get; init; }
}
