using System.Collections.Frozen;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>The names of commerce events as tables and SDKs write them.</summary>
internal static class CommerceEventNames
{
    private static readonly (EventKind Kind, string Name)[] Names =
    [
        (EventKind.ProductListViewed, "Product List Viewed"),
        (EventKind.ProductViewed, "Product Viewed"),
        (EventKind.ProductsSearched, "Products Searched"),
        (EventKind.ProductAdded, "Product Added"),
        (EventKind.ProductRemoved, "Product Removed"),
        (EventKind.ProductAddedToWishlist, "Product Added to Wishlist"),
        (EventKind.CartViewed, "Cart Viewed"),
        (EventKind.CheckoutStarted, "Checkout Started"),
        (EventKind.OrderCompleted, "Order Completed"),
        (EventKind.OrderRefunded, "Order Refunded"),
        (EventKind.OrderCancelled, "Order Cancelled"),
        (EventKind.ProductReviewed, "Product Reviewed"),
        (EventKind.CouponApplied, "Coupon Applied"),
        (EventKind.CouponDenied, "Coupon Denied"),
    ];

    private static readonly FrozenDictionary<EventKind, string> ByKind = Names.ToFrozenDictionary(pair => pair.Kind, pair => pair.Name);

    private static readonly FrozenDictionary<string, EventKind> ByName = Names
        .Select(pair => (Key: Normalise(pair.Name), Kind: pair.Kind))
        .Concat<(string Key, EventKind Kind)>(
        [
            ("view", EventKind.ProductViewed), ("viewitem", EventKind.ProductViewed), ("pageview", EventKind.PageViewed),
            ("search", EventKind.ProductsSearched), ("cart", EventKind.ProductAdded), ("addtocart", EventKind.ProductAdded),
            ("removefromcart", EventKind.ProductRemoved), ("addtowishlist", EventKind.ProductAddedToWishlist),
            ("wishlist", EventKind.ProductAddedToWishlist), ("begincheckout", EventKind.CheckoutStarted), ("checkout", EventKind.CheckoutStarted),
            ("purchase", EventKind.OrderCompleted), ("order", EventKind.OrderCompleted), ("transaction", EventKind.OrderCompleted),
            ("sale", EventKind.OrderCompleted), ("refund", EventKind.OrderRefunded), ("return", EventKind.OrderRefunded),
            ("cancel", EventKind.OrderCancelled), ("review", EventKind.ProductReviewed),
        ])
        .ToFrozenDictionary(pair => pair.Key, pair => pair.Kind);

    /// <summary>The name of a commerce event, or null when the kind is none.</summary>
    public static string? Of(EventKind kind) => ByKind.GetValueOrDefault(kind);

    /// <summary>
    /// The kind behind a name, whatever its case, blanks, dashes and underscores; usual short names (view, cart, purchase, refund, …) too.
    /// <see cref="EventKind.Custom"/> for all other names.
    /// </summary>
    public static EventKind Read(string name) => ByName.GetValueOrDefault(Normalise(name), EventKind.Custom);

    private static string Normalise(string name) =>
        string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));
}
