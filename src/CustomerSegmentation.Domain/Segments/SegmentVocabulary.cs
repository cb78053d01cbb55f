using static CustomerSegmentation.Domain.Segments.SegmentAxis;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>The names that segments get: the field's words for recency, frequency and monetary value, and a few for how people shop.</summary>
internal static class SegmentVocabulary
{
    public static IReadOnlyList<SegmentWord> Words { get; } =
    [
        new("Champions", P((Recency, -0.9), (Frequency, 1.5), (Monetary, 1.4)), f => f.Orders >= 2 && !f.IsOverdue,
            "Reward them, ask for reviews, show them new products first, and keep what they buy in stock."),
        new("Loyal customers", P((Recency, -0.5), (Frequency, 0.8), (Monetary, 0.7)), f => f.Orders >= 2,
            "Recommend what complements past orders, invite them into a loyalty programme, and never let service slip."),
        new("Wholesale buyers", P((Frequency, 0.4), (Monetary, 1.2), (OrderValue, 1.4), (Units, 1.4)), f => f.Orders >= 1,
            "Offer volume prices and an account contact, and reserve stock for their large orders."),
        new("Big spenders", P((Frequency, 0.2), (Monetary, 1), (OrderValue, 1.3), (Units, 0)), f => f.Orders >= 1,
            "Recommend premium products and bundles, and give priority service rather than discounts."),
        new("Frequent small baskets", P((Recency, -0.4), (Frequency, 0.8), (Monetary, 0), (OrderValue, -0.9)), f => f.Orders >= 2,
            "Raise the basket with complements and a free-shipping threshold."),
        new("Potential loyalists", P((Recency, -0.7), (Frequency, 0.2), (Monetary, 0.1), (Tenure, -0.4)), f => f.Orders >= 2,
            "Recommend from the categories they began with, and offer membership after the next order."),
        new("New customers", P((Recency, -0.8), (Frequency, -0.6), (Monetary, -0.5), (Tenure, -1.3)), f => f.Orders is >= 1 and < 2,
            "Welcome them, help with the first product, and suggest a second order while the first is fresh."),
        new("Promising", P((Recency, -0.6), (Frequency, -0.4), (Monetary, -0.4), (Tenure, -0.3)), f => f.Orders >= 1,
            "Build the habit: recommend bestsellers of the category they bought from."),
        new("Needs attention", P((Recency, 0.1), (Frequency, 0.1), (Monetary, 0.1), (Tenure, 0.2)), f => f.Orders >= 2,
            "Remind them of what they liked with a limited offer before they drift away."),
        new("About to sleep", P((Recency, 0.4), (Frequency, -0.3), (Monetary, -0.3)), f => f.Orders >= 1,
            "Send a reminder with popular products now; later it costs more to win them back."),
        new("At risk", P((Recency, 0.8), (Frequency, 0.5), (Monetary, 0.5), (Tenure, 0.5)), f => f.Orders >= 2 && f.IsOverdue,
            "Find out why they stopped, and win them back with a personal offer."),
        new("Can't lose them", P((Recency, 0.6), (Frequency, 1.1), (Monetary, 1.3), (Tenure, 0.6)), f => f.Orders >= 2 && f.IsOverdue,
            "Call or write in person: they were among the best, and it is worth a service visit."),
        new("Hibernating", P((Recency, 0.9), (Frequency, -0.4), (Monetary, -0.4), (Tenure, 0.4)), f => f.Orders >= 1 && f.IsOverdue,
            "Try one low-cost reactivation; do not plan stock for them."),
        new("Lost", P((Recency, 1.4), (Frequency, -0.8), (Monetary, -0.8), (Tenure, 0.7)), f => f.Orders >= 1 && f.IsOverdue,
            "Leave them out of costly campaigns, and ask one last time."),
        new("One-time buyers", P((Recency, 0.3), (Frequency, -0.9), (Monetary, -0.6), (Tenure, 0)), f => f.Orders is >= 1 and < 1.5,
            "Give a reason for a second order: what others bought next, or a voucher with an end date."),
        new("Bargain hunters", P((Discounts, 1.6)), f => f.Orders >= 1 && f[Discounts] > 0.7,
            "Tell them of sales and clearances, and spare them full-price campaigns; watch the margin."),
        new("Returners", P((Refunds, 1.6)), f => f.Orders >= 1 && f[Refunds] > 0.7,
            "Help before the order with sizes, reviews and service, and look at what comes back and why."),
        new("Returns only", P((Frequency, -1), (Monetary, -1), (Refunds, 1.6)), f => f.HasReturnsOnly,
            "Look at what was returned and why; their orders are older than the records, so do not count them as new customers."),
        new("Browsers", P((Frequency, -1), (Monetary, -1), (Browsing, 0.6)), f => f.Orders < 1 && f.Median("views") >= 1 && !f.HasReturnsOnly,
            "Turn interest into a first order: recommend what they looked at, with a first-order offer."),
        new("Passers-by", P((Frequency, -1), (Monetary, -1), (Browsing, -0.6)), f => f.Orders < 1 && !f.HasReturnsOnly,
            "Keep the cost low: show bestsellers when they come back, and ask for consent to write."),
    ];

    private static Dictionary<SegmentAxis, double> P(params (SegmentAxis Axis, double Effect)[] effects) =>
        effects.ToDictionary(effect => effect.Axis, effect => effect.Effect);
}
