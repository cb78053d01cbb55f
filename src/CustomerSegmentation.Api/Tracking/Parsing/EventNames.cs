using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>The commerce events by name. Case, spaces, dashes, dots and underscores do not matter: <c>order_completed</c> is <c>Order Completed</c>.</summary>
internal static class EventNames
{
    private const int LengthMax = 64;

    private static readonly Utf8NameTable<EventKind> Kinds = new(
    [
        ("productlistviewed", EventKind.ProductListViewed),
        ("productviewed", EventKind.ProductViewed),
        ("productssearched", EventKind.ProductsSearched),
        ("productadded", EventKind.ProductAdded),
        ("productremoved", EventKind.ProductRemoved),
        ("productaddedtowishlist", EventKind.ProductAddedToWishlist),
        ("cartviewed", EventKind.CartViewed),
        ("checkoutstarted", EventKind.CheckoutStarted),
        ("ordercompleted", EventKind.OrderCompleted),
        ("orderrefunded", EventKind.OrderRefunded),
        ("ordercancelled", EventKind.OrderCancelled),
        ("ordercanceled", EventKind.OrderCancelled),
        ("productreviewed", EventKind.ProductReviewed),
        ("couponapplied", EventKind.CouponApplied),
        ("coupondenied", EventKind.CouponDenied),
    ]);

    private static readonly Utf8NameTable<TrackingCall> Calls = new(
    [
        ("track", TrackingCall.Track),
        ("identify", TrackingCall.Identify),
        ("page", TrackingCall.Page),
        ("screen", TrackingCall.Screen),
        ("group", TrackingCall.Group),
        ("alias", TrackingCall.Alias),
    ]);

    /// <summary>The commerce event by this name, or <see cref="EventKind.Custom"/>.</summary>
    public static EventKind FindKind(ReadOnlySpan<byte> name)
    {
        Span<byte> plain = stackalloc byte[LengthMax];
        return TryNormalise(name, plain, out var length) ? Kinds.Find(plain[..length]) : EventKind.Custom;
    }

    /// <summary>The call by this type, or <see cref="TrackingCall.Unknown"/>.</summary>
    public static TrackingCall FindCall(ReadOnlySpan<byte> type)
    {
        Span<byte> plain = stackalloc byte[LengthMax];
        return TryNormalise(type, plain, out var length) ? Calls.Find(plain[..length]) : TrackingCall.Unknown;
    }

    private static bool TryNormalise(ReadOnlySpan<byte> name, Span<byte> plain, out int length)
    {
        length = 0;
        if (name.Length > LengthMax)
        {
            return false;
        }

        foreach (var each in name)
        {
            if (each is not ((byte)' ' or (byte)'_' or (byte)'-' or (byte)'.'))
            {
                plain[length++] = each is >= (byte)'A' and <= (byte)'Z' ? (byte)(each | 0x20) : each;
            }
        }

        return length > 0;
    }
}
