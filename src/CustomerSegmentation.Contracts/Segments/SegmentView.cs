using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segments;

/// <summary>A segment as readers see it.</summary>
[DataContract]
public sealed class SegmentView
{
    /// <summary>Stays the same across re-clusterings for as long as the segment lives.</summary>
    [DataMember(Order = 0)] public required string Key { get; init; }

    [DataMember(Order = 1)] public required string Name { get; init; }
    [DataMember(Order = 2)] public required string Description { get; init; }

    /// <summary>What a shop would do for these customers, in one sentence.</summary>
    [DataMember(Order = 3)] public string? Advice { get; init; }

    /// <summary>Customers in it now.</summary>
    [DataMember(Order = 4)] public long Size { get; init; }

    /// <summary>Size over all assigned customers, 0 to 1.</summary>
    [DataMember(Order = 5)] public double Share { get; init; }

    /// <summary>Orders less refunds of its customers, in the shop's currency.</summary>
    [DataMember(Order = 6)] public double Monetary { get; init; }

    /// <summary>Its part of all money, 0 to 1 (negative when refunds outweigh orders).</summary>
    [DataMember(Order = 7)] public double MonetaryShare { get; init; }

    /// <summary>The features that set it apart, strongest first, at most 8.</summary>
    [DataMember(Order = 8)] public required IReadOnlyList<DistinguishingFeature> Distinguishing { get; init; }

    /// <summary>The segmentation version in which the segment was born.</summary>
    [DataMember(Order = 9)] public int BornInVersion { get; init; }
}
