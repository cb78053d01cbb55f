namespace CustomerSegmentation.Contracts.Events;

/// <summary>
/// What happened. Values are persisted in journals: never renumber, only append.
/// </summary>
public enum EventKind : byte
{
    /// <summary>A track call whose event name is not one of the commerce events; its name is kept and counted.</summary>
    Custom = 0,
    ProductListViewed = 1,
    ProductViewed = 2,
    ProductsSearched = 3,
    ProductAdded = 4,
    ProductRemoved = 5,
    ProductAddedToWishlist = 6,
    CartViewed = 7,
    CheckoutStarted = 8,
    OrderCompleted = 9,
    OrderRefunded = 10,
    OrderCancelled = 11,
    ProductReviewed = 12,
    CouponApplied = 13,
    CouponDenied = 14,
    PageViewed = 15,
    ScreenViewed = 16,
    TraitsIdentified = 17,
    Grouped = 18,

    /// <summary>Another id of the same person: its history joins this customer.</summary>
    Aliased = 19,

    /// <summary>Written by the system: this customer's history now belongs to another customer.</summary>
    MergedInto = 20,
}
