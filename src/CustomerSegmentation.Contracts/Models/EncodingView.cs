using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Models;

/// <summary>How far the active model is with the customers.</summary>
[DataContract]
public sealed class EncodingView
{
    /// <summary>Customers that wait in memory to be read.</summary>
    [DataMember(Order = 0)] public int Waiting { get; init; }

    /// <summary>Why nobody is read at the moment; null while customers are.</summary>
    [DataMember(Order = 1)] public string? Paused { get; init; }

    /// <summary>Whether everybody is being looked through, after a start or a change of the model.</summary>
    [DataMember(Order = 2)] public bool Sweeping { get; init; }

    /// <summary>Customers to look through.</summary>
    [DataMember(Order = 3)] public long Customers { get; init; }

    /// <summary>Customers looked through.</summary>
    [DataMember(Order = 4)] public long Looked { get; init; }

    /// <summary>Of those, customers that the model had not read and that were woken for it.</summary>
    [DataMember(Order = 5)] public long Woken { get; init; }

    /// <summary>Readings that were kept, a second, over the latest seconds.</summary>
    [DataMember(Order = 6)] public double ReadingsPerSecond { get; init; }

    /// <summary>Readings that were kept since the start.</summary>
    [DataMember(Order = 7)] public long Readings { get; init; }

    /// <summary>Readings that the model refused since the start.</summary>
    [DataMember(Order = 8)] public long Refused { get; init; }
}
