using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>
/// One event while it is read. Fields come in any order, and what encloses the event may follow it, so everything is gathered here first.
/// Drafts are used again for later events.
/// </summary>
internal sealed class EventDraft
{
    public int Index;
    public int Start;
    public int Length;
    public int Depth;
    public ulong Seen;
    public ulong SeenProperties;
    public int PropertyCount;

    /// <summary>The first thing that was wrong; null while nothing is.</summary>
    public string? Code;
    public string Message = "";

    /// <summary>What is wrong if the event turns out to be a commerce event.</summary>
    public string? CommerceCode;
    public string CommerceMessage = "";

    public TrackingCall Call;
    public EventKind TrackKind;
    public string? EventName;
    public string? PageName;
    public string? UserId;
    public string? AnonymousId;
    public string? MessageId;
    public string? GroupId;
    public string? PreviousId;
    public long? TimestampMs;
    public long? OriginalTimestampMs;
    public long? SentAtMs;
    public Channel Channel;
    public Channel ContextChannel;
    public DeviceKind Device;
    public string? SessionId;

    public int RangesStart;
    public int RangesCount;
    public ProductLine[]? Products;
    public Trait[]? Traits;
    public (int Start, int Length) GroupTraits;
    public (int Start, int Length) ContextTraits;

    public string? OrderId;
    public double? Total;
    public double? Revenue;
    public double? Value;
    public double? Shipping;
    public double? Tax;
    public double? Discount;
    public string? Currency;
    public string? Coupon;
    public string? Query;
    public double? Rating;
    public string? Text;

    public string? ProductId;
    public string? Sku;
    public string? ProductName;
    public string? Category;
    public string? Brand;
    public double? Price;
    public double? Quantity;

    /// <summary>The request that the event went into; negative when it was refused.</summary>
    public int Group;
    public CustomerEvent? Event;

    /// <summary>The id that the event counts for.</summary>
    public string? CustomerId => UserId ?? AnonymousId;

    public bool Failed => Code is not null;

    public void Fail(string code, string message)
    {
        if (Code is null)
        {
            Code = code;
            Message = message;
        }
    }

    public void FailIfCommerce(string code, string message)
    {
        if (CommerceCode is null)
        {
            CommerceCode = code;
            CommerceMessage = message;
        }
    }

    public void Reset(int index, int start, int depth, int rangesStart)
    {
        Index = index;
        Start = start;
        Length = 0;
        Depth = depth;
        Seen = SeenProperties = 0;
        PropertyCount = 0;
        Code = CommerceCode = null;
        Call = TrackingCall.Unknown;
        TrackKind = EventKind.Custom;
        EventName = PageName = UserId = AnonymousId = MessageId = GroupId = PreviousId = SessionId = null;
        TimestampMs = OriginalTimestampMs = SentAtMs = null;
        Channel = ContextChannel = Channel.Unknown;
        Device = DeviceKind.Unknown;
        RangesStart = rangesStart;
        RangesCount = 0;
        Products = null;
        Traits = null;
        GroupTraits = ContextTraits = default;
        OrderId = Currency = Coupon = Query = Text = ProductId = Sku = ProductName = Category = Brand = null;
        Total = Revenue = Value = Shipping = Tax = Discount = Rating = Price = Quantity = null;
        Group = -1;
        Event = null;
    }
}
