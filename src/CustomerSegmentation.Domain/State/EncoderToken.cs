using System.Runtime.InteropServices;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Hashing;

namespace CustomerSegmentation.Domain.State;

/// <summary>One event as the sequence encoder reads it, in 24 bytes. Hour and weekday follow from the time.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct EncoderToken
{
    private readonly Half _logAmount;

    /// <summary>Event time, milliseconds since 1970-01-01 UTC.</summary>
    public long TimeMs { get; init; }

    public EventKind Kind { get; init; }
    public Channel Channel { get; init; }
    public DeviceKind Device { get; init; }

    /// <summary>Whether the event carried a discount or a coupon.</summary>
    public bool Discounted { get; init; }

    /// <summary>ln(1 + money): the event's amount, else the first product's price; 0 without either. Half precision: three decimal digits.</summary>
    public float LogAmount
    {
        get => (float)_logAmount;
        init => _logAmount = (Half)value;
    }

    /// <summary>Units over all lines, at most 65,535.</summary>
    public ushort Quantity { get; init; }

    /// <summary>Hash of the first line's category, 16 bits; 0 for none.</summary>
    public ushort CategoryHash { get; init; }

    /// <summary>Hash of the first line's product; 0 for none.</summary>
    public uint ProductHash { get; init; }

    /// <summary>Whether the encoder reads events of this kind: those that say what the customer did.</summary>
    public static bool IsOf(EventKind kind) => EventKinds.IsBehaviour(kind);

    /// <summary>The token of an event.</summary>
    public static EncoderToken Of(CustomerEvent e)
    {
        var products = e.Products;
        var first = products.Count > 0 ? products[0] : null;
        double units = 0;
        for (var i = 0; i < products.Count; i++)
        {
            units += Money.Units(products[i].Quantity);
        }

        return new EncoderToken
        {
            TimeMs = EventTime.Clamp(e.TimestampMs),
            Kind = e.Kind,
            Channel = e.Channel,
            Device = e.Device,
            Discounted = e.Discount > 0 || !string.IsNullOrEmpty(e.Coupon),
            LogAmount = (float)Math.Log(1 + Money.Bound(e.Amount ?? first?.Price)),
            Quantity = (ushort)Math.Min(ushort.MaxValue, Math.Ceiling(units)),
            CategoryHash = (ushort)(StableHash.Of32(first?.Category) >> 16),
            ProductHash = StableHash.Of32(string.IsNullOrEmpty(first?.ProductId) ? first?.Name : first.ProductId),
        };
    }
}
