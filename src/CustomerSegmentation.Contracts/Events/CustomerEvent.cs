using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Events;

/// <summary>
/// One thing that a customer did, already checked and bounded. Immutable: engines hand the same instance from room to room.
/// Text is at most 500 characters a field unless a field says otherwise; numbers are finite.
/// </summary>
[DataContract]
public sealed record CustomerEvent
{
    /// <summary>The duplicate key, 1 to 100 characters: the same id for the same customer counts once.</summary>
    [DataMember(Order = 0)] public required string MessageId { get; init; }

    [DataMember(Order = 1)] public required EventKind Kind { get; init; }

    /// <summary>When it happened, in milliseconds since 1970-01-01 UTC, corrected for the sender's clock.</summary>
    [DataMember(Order = 2)] public required long TimestampMs { get; init; }

    /// <summary>When the server received it, in milliseconds since 1970-01-01 UTC.</summary>
    [DataMember(Order = 3)] public long ReceivedMs { get; init; }

    /// <summary>The event's name where <see cref="Kind"/> does not tell it: a custom event, a page, a screen.</summary>
    [DataMember(Order = 4)] public string? Name { get; init; }

    [DataMember(Order = 5)] public Channel Channel { get; init; }

    [DataMember(Order = 6)] public DeviceKind Device { get; init; }

    /// <summary>Lines of the order, or the products that the event names; empty when none.</summary>
    [DataMember(Order = 7)] public IReadOnlyList<ProductLine> Products { get; init; } = [];

    [DataMember(Order = 8)] public string? OrderId { get; init; }

    /// <summary>
    /// The event's money in the shop's currency, zero or above: what an order came to, what a refund gave back. When the sender gave no total,
    /// the sum of price times quantity over <see cref="Products"/>; null when neither is known.
    /// </summary>
    [DataMember(Order = 9)] public double? Amount { get; init; }

    [DataMember(Order = 10)] public double? Shipping { get; init; }
    [DataMember(Order = 11)] public double? Tax { get; init; }

    /// <summary>Discount in the shop's currency, zero or above.</summary>
    [DataMember(Order = 12)] public double? Discount { get; init; }

    /// <summary>ISO 4217 code as sent; amounts are not converted.</summary>
    [DataMember(Order = 13)] public string? Currency { get; init; }

    [DataMember(Order = 14)] public string? Coupon { get; init; }

    /// <summary>What was searched for.</summary>
    [DataMember(Order = 15)] public string? Query { get; init; }

    /// <summary>Stars of a review, 0 to 5.</summary>
    [DataMember(Order = 16)] public double? Rating { get; init; }

    /// <summary>What somebody wrote: the body of a review, a message in a support chat. At most 10,000 characters.</summary>
    [DataMember(Order = 17)] public string? Text { get; init; }

    [DataMember(Order = 18)] public IReadOnlyList<Trait> Traits { get; init; } = [];

    [DataMember(Order = 19)] public string? GroupId { get; init; }

    /// <summary>
    /// Another id of the same person: <c>previousId</c> of an alias, <c>anonymousId</c> beside a <c>userId</c>, or for
    /// <see cref="EventKind.MergedInto"/> the customer that the history moved to.
    /// </summary>
    [DataMember(Order = 20)] public string? OtherId { get; init; }

    /// <summary>Properties that have no field of their own, as one JSON object text; null when there are none.</summary>
    [DataMember(Order = 21)] public string? ExtraProperties { get; init; }

    /// <summary>Session id, where the sender gives one.</summary>
    [DataMember(Order = 22)] public string? SessionId { get; init; }

    /// <summary>What a text model made of <see cref="Text"/> when the event was taken; null where none did. Never set by senders.</summary>
    [DataMember(Order = 23)] public TextEmbedding? TextEmbedding { get; init; }
}
