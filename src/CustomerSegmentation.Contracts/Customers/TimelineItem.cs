using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>One event in a customer's timeline.</summary>
[DataContract]
public sealed class TimelineItem
{
    [DataMember(Order = 0)] public required long Sequence { get; init; }
    [DataMember(Order = 1)] public required string Kind { get; init; }
    [DataMember(Order = 2)] public string? Name { get; init; }
    [DataMember(Order = 3)] public DateTimeOffset Time { get; init; }
    [DataMember(Order = 4)] public string? OrderId { get; init; }
    [DataMember(Order = 5)] public double? Amount { get; init; }
    [DataMember(Order = 6)] public int Products { get; init; }

    /// <summary>Names, or ids where there is no name, of the first products; at most 5.</summary>
    [DataMember(Order = 7)] public IReadOnlyList<string> ProductNames { get; init; } = [];

    [DataMember(Order = 8)] public string? Query { get; init; }
    [DataMember(Order = 9)] public double? Rating { get; init; }
    [DataMember(Order = 10)] public string? Text { get; init; }
}
