using System.Runtime.Serialization;

namespace CustomerSegmentation.Engine.Orleans.Models;

/// <summary>How the reading of one silo's customers goes.</summary>
[DataContract]
public sealed class SiloReadings
{
    /// <summary>Whether another model than the one asked about, or none, was current there since the last question.</summary>
    [DataMember(Order = 0)] public bool SawOther { get; init; }

    /// <summary>Customers that wait there.</summary>
    [DataMember(Order = 1)] public int Waiting { get; init; }

    /// <summary>Why nobody is read there; null while customers are.</summary>
    [DataMember(Order = 2)] public string? Paused { get; init; }

    /// <summary>Readings kept since its start.</summary>
    [DataMember(Order = 3)] public long Readings { get; init; }

    [DataMember(Order = 4)] public double ReadingsPerSecond { get; init; }

    /// <summary>Readings that the model refused since its start.</summary>
    [DataMember(Order = 5)] public long Refused { get; init; }
}
