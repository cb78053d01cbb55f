using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Hashing;

namespace CustomerSegmentation.Domain.Events;

/// <summary>Reads one <c>EventRecord</c>. The contracts' types have init-only members, so values gather here first.</summary>
internal ref struct EventRecordReader
{
    private string _messageId = "";
    private ulong _kind;
    private long _timestampMs;
    private long _receivedLagMs;
    private ulong _channel;
    private ulong _device;
    private string? _name;
    private string? _orderId;
    private string? _currency;
    private string? _coupon;
    private string? _query;
    private string? _text;
    private string? _groupId;
    private string? _otherId;
    private string? _extraProperties;
    private string? _sessionId;
    private double? _amount;
    private double? _shipping;
    private double? _tax;
    private double? _discount;
    private double? _rating;
    private List<ProductLine>? _products;
    private List<Trait>? _traits;
    private TextEmbedding? _textEmbedding;

    public EventRecordReader()
    {
    }

    public CustomerEvent Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new ProtoReader(bytes);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            var known = (tag & 7) switch
            {
                0 => ReadNumber(ref reader, tag >> 3),
                1 => ReadDouble(ref reader, tag >> 3),
                2 => ReadText(ref reader, tag >> 3),
                _ => false,
            };
            if (!known)
            {
                reader.Skip(tag);
            }
        }

        return Build();
    }

    private bool ReadNumber(ref ProtoReader reader, uint field)
    {
        switch (field)
        {
            case 2: _kind = reader.Varint(); return true;
            case 3: _timestampMs = reader.SInt(); return true;
            case 4: _receivedLagMs = reader.SInt(); return true;
            case 6: _channel = reader.Varint(); return true;
            case 7: _device = reader.Varint(); return true;
            default: return false;
        }
    }

    private bool ReadDouble(ref ProtoReader reader, uint field)
    {
        switch (field)
        {
            case 10: _amount = reader.Double(); return true;
            case 11: _shipping = reader.Double(); return true;
            case 12: _tax = reader.Double(); return true;
            case 13: _discount = reader.Double(); return true;
            case 17: _rating = reader.Double(); return true;
            default: return false;
        }
    }

    private bool ReadText(ref ProtoReader reader, uint field)
    {
        switch (field)
        {
            case 1: _messageId = reader.String(); return true;
            case 5: _name = reader.String(); return true;
            case 8: (_products ??= []).Add(ReadProduct(reader.Bytes())); return true;
            case 9: _orderId = reader.String(); return true;
            case 14: _currency = reader.String(); return true;
            case 15: _coupon = reader.String(); return true;
            case 16: _query = reader.String(); return true;
            case 18: _text = reader.String(); return true;
            case 19: (_traits ??= []).Add(ReadTrait(reader.Bytes())); return true;
            case 20: _groupId = reader.String(); return true;
            case 21: _otherId = reader.String(); return true;
            case 22: _extraProperties = reader.String(); return true;
            case 23: _sessionId = reader.String(); return true;
            case 24: _textEmbedding = ReadTextEmbedding(reader.Bytes()); return true;
            default: return false;
        }
    }

    private readonly CustomerEvent Build() => new()
    {
        MessageId = _messageId,
        Kind = _kind <= byte.MaxValue ? (EventKind)_kind : throw new FormatException($"Event kind {_kind} is out of range."),
        TimestampMs = _timestampMs,
        ReceivedMs = unchecked(_timestampMs + _receivedLagMs),
        Name = _name,
        Channel = _channel <= byte.MaxValue ? (Channel)_channel : Channel.Unknown,
        Device = _device <= byte.MaxValue ? (DeviceKind)_device : DeviceKind.Unknown,
        Products = _products ?? (IReadOnlyList<ProductLine>)[],
        OrderId = _orderId,
        Amount = _amount,
        Shipping = _shipping,
        Tax = _tax,
        Discount = _discount,
        Currency = _currency,
        Coupon = _coupon,
        Query = _query,
        Rating = _rating,
        Text = _text,
        Traits = _traits ?? (IReadOnlyList<Trait>)[],
        GroupId = _groupId,
        OtherId = _otherId,
        ExtraProperties = _extraProperties,
        SessionId = _sessionId,
        TextEmbedding = _textEmbedding,
    };

    private static ProductLine ReadProduct(ReadOnlySpan<byte> bytes)
    {
        string? id = null, name = null, category = null, brand = null;
        double? price = null, quantity = null;
        var reader = new ProtoReader(bytes);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case (1 << 3) | 2: id = reader.String(); break;
                case (2 << 3) | 2: name = reader.String(); break;
                case (3 << 3) | 2: category = reader.String(); break;
                case (4 << 3) | 2: brand = reader.String(); break;
                case (5 << 3) | 1: price = reader.Double(); break;
                case (6 << 3) | 1: quantity = reader.Double(); break;
                default: reader.Skip(tag); break;
            }
        }

        return new ProductLine { ProductId = id, Name = name, Category = category, Brand = brand, Price = price, Quantity = quantity };
    }

    private static Trait ReadTrait(ReadOnlySpan<byte> bytes)
    {
        string name = "";
        string? value = null;
        double? number = null;
        var reader = new ProtoReader(bytes);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case (1 << 3) | 2: name = reader.String(); break;
                case (2 << 3) | 2: value = reader.String(); break;
                case (3 << 3) | 1: number = reader.Double(); break;
                default: reader.Skip(tag); break;
            }
        }

        return new Trait { Name = name, Value = value, Number = number };
    }

    private static TextEmbedding ReadTextEmbedding(ReadOnlySpan<byte> bytes)
    {
        string model = "";
        byte[] numbers = [];
        var reader = new ProtoReader(bytes);
        while (!reader.AtEnd)
        {
            var tag = reader.Tag();
            switch (tag)
            {
                case (1 << 3) | 2: model = NamePool.Share(reader.String()); break;
                case (2 << 3) | 2: numbers = reader.Bytes().ToArray(); break;
                default: reader.Skip(tag); break;
            }
        }

        return new TextEmbedding { Model = model, Numbers = numbers };
    }
}
