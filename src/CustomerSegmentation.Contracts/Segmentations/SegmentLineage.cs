using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segmentations;

/// <summary>What became of a segment between two versions.</summary>
[DataContract]
public sealed class SegmentLineage
{
    /// <summary><c>kept</c>, <c>born</c>, <c>split</c>, <c>merged</c> or <c>ended</c>.</summary>
    [DataMember(Order = 0)] public required string Change { get; init; }

    [DataMember(Order = 1)] public required string Key { get; init; }

    /// <summary>Where most of its members were before (split: the parent; merged: all parents) or went (ended).</summary>
    [DataMember(Order = 2)] public IReadOnlyList<string> Related { get; init; } = [];

    /// <summary>Share of the old members who are still in it, 0 to 1; null where there is no old one.</summary>
    [DataMember(Order = 3)] public double? Retained { get; init; }
}
