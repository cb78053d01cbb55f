using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Contracts.Live;

/// <summary>One item of the live stream; exactly one of the members besides <see cref="Time"/> is set.</summary>
[DataContract]
public sealed class LiveEvent
{
    [DataMember(Order = 0)] public DateTimeOffset Time { get; init; }
    [DataMember(Order = 1)] public SegmentTransition? Transition { get; init; }
    [DataMember(Order = 2)] public LiveRates? Rates { get; init; }

    /// <summary>A re-clustering's progress; segments, lineage and moves are left out.</summary>
    [DataMember(Order = 3)] public SegmentationView? Segmentation { get; init; }

    [DataMember(Order = 4)] public AudienceChange? Audience { get; init; }
}
