using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segments;

/// <summary>All segments of the active segmentation.</summary>
[DataContract]
public sealed class SegmentsView
{
    /// <summary>0 while no segmentation was ever activated.</summary>
    [DataMember(Order = 0)] public int Version { get; init; }

    /// <summary>Largest monetary share first.</summary>
    [DataMember(Order = 1)] public required IReadOnlyList<SegmentView> Segments { get; init; }

    /// <summary>Customers known, assigned or not.</summary>
    [DataMember(Order = 2)] public long Customers { get; init; }

    /// <summary>Customers not assigned to a segment yet.</summary>
    [DataMember(Order = 3)] public long Unassigned { get; init; }
}
