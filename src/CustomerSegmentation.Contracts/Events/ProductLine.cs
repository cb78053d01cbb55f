using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Events;

/// <summary>One product in an event: a line of an order, or the product viewed, added or reviewed.</summary>
[DataContract]
public sealed class ProductLine
{
    [DataMember(Order = 0)] public string? ProductId { get; init; }
    [DataMember(Order = 1)] public string? Name { get; init; }
    [DataMember(Order = 2)] public string? Category { get; init; }
    [DataMember(Order = 3)] public string? Brand { get; init; }

    /// <summary>Unit price in the shop's currency, finite, zero or above; null when not given.</summary>
    [DataMember(Order = 4)] public double? Price { get; init; }

    /// <summary>Units, finite, above zero; null counts as 1.</summary>
    [DataMember(Order = 5)] public double? Quantity { get; init; }
}
