using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Models;

/// <summary>How the sequence model is doing. Events are taken whatever it does.</summary>
[DataContract]
public sealed class EncoderHealth
{
    /// <summary>Name and version of the active model; null where there is none and segments come from features alone.</summary>
    [DataMember(Order = 0)] public string? Model { get; init; }

    /// <summary><c>none</c>, <c>reading</c>, or <c>paused</c> for <see cref="Reason"/>.</summary>
    [DataMember(Order = 1)] public required string State { get; init; }

    /// <summary>Why nobody is read at the moment; null while customers are.</summary>
    [DataMember(Order = 2)] public string? Reason { get; init; }

    /// <summary>Customers that wait in memory to be read.</summary>
    [DataMember(Order = 3)] public int Waiting { get; init; }

    /// <summary>Readings that were kept, a second, over the latest seconds.</summary>
    [DataMember(Order = 4)] public double ReadingsPerSecond { get; init; }

    /// <summary>Readings that were kept since the start.</summary>
    [DataMember(Order = 5)] public long Readings { get; init; }

    /// <summary>Readings that the model refused since the start: the customer's numbers are not such that it can compute with them.</summary>
    [DataMember(Order = 6)] public long Refused { get; init; }
}
