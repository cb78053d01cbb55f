using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Dashboard.Tests.Fake;

/// <summary>Six segments as a year of a gift shop's orders gives them.</summary>
internal static class FakeSegments
{
    public const long Customers = 5_878;
    public const double Money = 8_887_208;

    public static IReadOnlyList<SegmentView> All { get; } =
    [
        Segment("champions", "Champions", "Order often, spend most, and were here days ago.",
            "Give them early access and ask for reviews; do not discount.", 702, 0.581,
            F("monetary", 3.1, 5_240, 640), F("frequency", 2.8, 12, 2), F("recencyDays", -1.1, 8, 96, "days"), F("distinctProducts", 2.2, 154, 35)),
        Segment("loyal", "Loyal", "Come back every few weeks and buy broadly.",
            "Offer a subscription or bundles for what they buy again and again.", 1_190, 0.224,
            F("frequency", 1.1, 5, 2), F("monetary", 0.9, 1_610, 640), F("orderGapDays", -0.8, 38, 71, "days")),
        Segment("at-risk", "At risk", "Were good customers and have not ordered for months.",
            "Win them back now with a personal reminder of what they bought.", 812, 0.093,
            F("recencyDays", 1.4, 231, 96, "days"), F("monetary", 0.4, 1_020, 640), F("orders30d", -0.9, 0.02, 0.4)),
        Segment("bargain-hunters", "Bargain hunters", "Buy when there is a discount, and return more than others.",
            "Send clearance offers; keep full-price campaigns away from them.", 934, 0.058,
            F("discountShare", 2.4, 0.38, 0.04, "share"), F("refundShare", 1.0, 0.11, 0.02, "share"), F("averageOrderValue", -0.6, 118, 241)),
        Segment("new", "New", "Ordered for the first time in the last weeks.",
            "Welcome them and make the second order easy within 30 days.", 655, 0.027,
            F("tenureDays", -1.9, 16, 310, "days"), F("frequency", -0.7, 1, 2), F("recencyDays", -1.0, 12, 96, "days")),
        Segment("hibernating", "Hibernating", "One or two small orders long ago.",
            null, 1_547, 0.017,
            F("recencyDays", 1.7, 388, 96, "days"), F("frequency", -0.8, 1, 2), F("monetary", -0.9, 208, 640)),
    ];

    private static SegmentView Segment(
        string key, string name, string description, string? advice, long size, double money, params DistinguishingFeature[] features) => new()
        {
            Key = key,
            Name = name,
            Description = description,
            Advice = advice,
            Size = size,
            Share = (double)size / (Customers - 38),
            Monetary = money * Money,
            MonetaryShare = money,
            Distinguishing = features,
            BornInVersion = 1,
        };

    private static DistinguishingFeature F(string feature, double effect, double typical, double overall, string unit = "") =>
        new() { Feature = feature, Effect = effect, Typical = typical, Overall = overall, Unit = unit };
}
