using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>Why a customer is in a segment and what would change it.</summary>
[DataContract]
public sealed class SegmentExplanation
{
    [DataMember(Order = 0)] public required string CustomerId { get; init; }
    [DataMember(Order = 1)] public required SegmentMembership Segment { get; init; }

    /// <summary>The segment that comes second, and its probability; null when there is only one.</summary>
    [DataMember(Order = 2)] public SegmentMembership? RunnerUp { get; init; }

    /// <summary>Strongest first, at most 8.</summary>
    [DataMember(Order = 3)] public required IReadOnlyList<FeatureContribution> Contributions { get; init; }

    /// <summary>The explanation in one or two sentences.</summary>
    [DataMember(Order = 4)] public required string Text { get; init; }
}
