using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Audiences;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>What is held under one of a person's ids.</summary>
[DataContract]
public sealed class ExportedId
{
    [DataMember(Order = 0)] public required string Id { get; init; }

    /// <summary>The id that the history moved to; null while it is here.</summary>
    [DataMember(Order = 1)] public string? MergedInto { get; init; }

    /// <summary>Events in the journal under this id, the marker of a move included; copies of moved events count under both ids.</summary>
    [DataMember(Order = 2)] public long Events { get; init; }

    /// <summary>Number of the last event in the snapshot of the state; 0 without one. A snapshot comes with a row in the profile index.</summary>
    [DataMember(Order = 3)] public long SnapshotSequence { get; init; }

    /// <summary>Size of that snapshot in bytes; 0 without one.</summary>
    [DataMember(Order = 4)] public int SnapshotBytes { get; init; }

    /// <summary>Segment, features and traits; null when the history moved or nothing ever happened under this id.</summary>
    [DataMember(Order = 5)] public CustomerView? Customer { get; init; }

    /// <summary>Latest segment transitions, newest first, at most 16.</summary>
    [DataMember(Order = 6)] public IReadOnlyList<SegmentTransition> Transitions { get; init; } = [];

    /// <summary>Audiences that the customer is in, each with the time of entry.</summary>
    [DataMember(Order = 7)] public IReadOnlyList<AudienceChange> Audiences { get; init; } = [];

    /// <summary>What the sequence model named under <see cref="CustomerView.Encoder"/> made of the events; empty while none has read them.</summary>
    [DataMember(Order = 8)] public IReadOnlyList<float> Embedding { get; init; } = [];
}
