using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Contracts.Segmentations;

/// <summary>A segmentation version as readers see it.</summary>
[DataContract]
public sealed class SegmentationView
{
    [DataMember(Order = 0)] public required int Version { get; init; }
    [DataMember(Order = 1)] public required SegmentationStatus Status { get; init; }

    /// <summary>The step at work: <c>reading</c>, <c>choosing</c>, <c>fitting</c>, <c>naming</c>, <c>previewing</c>, <c>assigning</c>, <c>done</c>.</summary>
    [DataMember(Order = 2)] public required string Step { get; init; }

    /// <summary>0 to 1 over all steps.</summary>
    [DataMember(Order = 3)] public double Progress { get; init; }

    [DataMember(Order = 4)] public DateTimeOffset StartedAt { get; init; }
    [DataMember(Order = 5)] public DateTimeOffset? FinishedAt { get; init; }
    [DataMember(Order = 6)] public DateTimeOffset? ActivatedAt { get; init; }
    [DataMember(Order = 7)] public string RequestedBy { get; init; } = "";

    /// <summary>Why it failed; null otherwise.</summary>
    [DataMember(Order = 8)] public string? Error { get; init; }

    /// <summary>Customers it was fitted on.</summary>
    [DataMember(Order = 9)] public long Customers { get; init; }

    /// <summary>The time that the features were brought to.</summary>
    [DataMember(Order = 10)] public DateTimeOffset? ReferenceTime { get; init; }

    [DataMember(Order = 11)] public SegmentationMetrics? Metrics { get; init; }

    /// <summary>The version that keys were matched against; null for the first.</summary>
    [DataMember(Order = 12)] public int? Previous { get; init; }

    [DataMember(Order = 13)] public IReadOnlyList<SegmentLineage> Lineage { get; init; } = [];

    /// <summary>Segments with sizes as they were when fitted.</summary>
    [DataMember(Order = 14)] public IReadOnlyList<SegmentView> Segments { get; init; } = [];

    /// <summary>Who would move where on activation, against the previous version.</summary>
    [DataMember(Order = 15)] public IReadOnlyList<SegmentFlow> Moves { get; init; } = [];

    /// <summary>Hash of the feature schema that it was fitted on.</summary>
    [DataMember(Order = 16)] public string SchemaHash { get; init; } = "";

    /// <summary>Set in the answer to a start that found another one running.</summary>
    [DataMember(Order = 17)] public bool AlreadyRunning { get; init; }

    /// <summary>Name and version of the sequence model whose embedding it was fitted on beside or in place of features; null for features alone.</summary>
    [DataMember(Order = 18)] public string? EmbeddingModel { get; init; }

    /// <summary>What to know of its making, such as why embeddings were left out; null for nothing.</summary>
    [DataMember(Order = 19)] public string? Note { get; init; }

    /// <summary>Name and version of the text model whose means it was fitted on beside the rest; null for none.</summary>
    [DataMember(Order = 20)] public string? TextModel { get; init; }
}
