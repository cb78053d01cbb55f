using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Domain.Features;

/// <summary>What the kinds of events mean to the features.</summary>
internal static class EventKinds
{
    /// <summary>Whether the customer did something, rather than the shop learning or recording something about them.</summary>
    public static bool IsBehaviour(EventKind kind) => kind switch
    {
        EventKind.TraitsIdentified or EventKind.Grouped or EventKind.Aliased or EventKind.MergedInto => false,
        _ => true,
    };

    /// <summary>Whether money went back: a cancelled order is money returned like a refund.</summary>
    public static bool IsRefund(EventKind kind) => kind is EventKind.OrderRefunded or EventKind.OrderCancelled;

    /// <summary>Whether the event belongs to a visit. Refunds and cancellations are often the shop's doing and open no session.</summary>
    public static bool IsVisit(EventKind kind) => IsBehaviour(kind) && !IsRefund(kind);

    public static bool IsView(EventKind kind) =>
        kind is EventKind.ProductListViewed or EventKind.ProductViewed or EventKind.PageViewed or EventKind.ScreenViewed;

    public static bool IsCart(EventKind kind) => kind is EventKind.ProductAdded or EventKind.CartViewed or EventKind.CheckoutStarted;
}
