using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.State;

/// <summary>One event as the sequence encoder reads it.</summary>
public readonly record struct EncoderToken
{
    /// <summary>Event time, milliseconds since 1970-01-01 UTC.</summary>
    public long TimeMs { get; init; }

    public EventKind Kind { get; init; }
    public Channel Channel { get; init; }

    /// <summary>Whether the event carried a discount or a coupon.</summary>
    public bool Discounted { get; init; }

    /// <summary>ln(1 + money of the event), 0 when it has none.</summary>
    public float LogAmount { get; init; }

    /// <summary>Units over all lines, at most 65,535.</summary>
    public ushort Quantity { get; init; }

    /// <summary>Hash of the first line's category; 0 for none.</summary>
    public uint CategoryHash { get; init; }

    /// <summary>Hash of the first line's product; 0 for none.</summary>
    public uint ProductHash { get; init; }
}
