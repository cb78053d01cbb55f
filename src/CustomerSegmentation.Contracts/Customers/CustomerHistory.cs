using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>A page of a customer's timeline, with the latest segment transitions.</summary>
[DataContract]
public sealed class CustomerHistory
{
    [DataMember(Order = 0)] public required string Id { get; init; }

    /// <summary>Newest first.</summary>
    [DataMember(Order = 1)] public required IReadOnlyList<TimelineItem> Items { get; init; }

    /// <summary>Pass as <c>before</c> for the next page; null at the end.</summary>
    [DataMember(Order = 2)] public long? Next { get; init; }

    /// <summary>Newest first, at most 16.</summary>
    [DataMember(Order = 3)] public required IReadOnlyList<SegmentTransition> Transitions { get; init; }
}
