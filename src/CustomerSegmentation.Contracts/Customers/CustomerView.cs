using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>One customer as readers see it.</summary>
[DataContract]
public sealed class CustomerView
{
    [DataMember(Order = 0)] public required string Id { get; init; }

    /// <summary>Null until a segmentation is active and the customer has been assigned.</summary>
    [DataMember(Order = 1)] public SegmentMembership? Segment { get; init; }

    /// <summary>Features by schema name, as of <see cref="AsOf"/>.</summary>
    [DataMember(Order = 2)] public required IReadOnlyDictionary<string, double> Features { get; init; }

    [DataMember(Order = 3)] public required IReadOnlyDictionary<string, string> Traits { get; init; }

    /// <summary>Categories by spend and interest, strongest first, at most 8.</summary>
    [DataMember(Order = 4)] public required IReadOnlyList<CategoryInterest> TopCategories { get; init; }

    /// <summary>Keys of the audiences that the customer is in.</summary>
    [DataMember(Order = 5)] public IReadOnlyList<string> Audiences { get; init; } = [];

    /// <summary>What the sequence model made of the customer's events; null while none has read them.</summary>
    [DataMember(Order = 6)] public EncoderView? Encoder { get; init; }

    [DataMember(Order = 7)] public long Sequence { get; init; }
    [DataMember(Order = 8)] public DateTimeOffset FirstSeen { get; init; }
    [DataMember(Order = 9)] public DateTimeOffset LastSeen { get; init; }

    /// <summary>The reference time of the features.</summary>
    [DataMember(Order = 10)] public DateTimeOffset AsOf { get; init; }

    /// <summary>Other ids whose histories joined this customer.</summary>
    [DataMember(Order = 11)] public IReadOnlyList<string> JoinedIds { get; init; } = [];

    /// <summary>What a text model made of the customer's reviews and messages; null while none has read any.</summary>
    [DataMember(Order = 12)] public TextView? Text { get; init; }
}
