using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Actors.Tests.Segmentations;

/// <summary>A customer drawn from a type that segments should find again.</summary>
/// <param name="Id">Customer id.</param>
/// <param name="Type">The hidden type.</param>
/// <param name="Vector">Features.</param>
/// <param name="Monetary">Orders less refunds.</param>
internal sealed record PlantedCustomer(string Id, string Type, float[] Vector, double Monetary)
{
    public const string Champion = "champion";
    public const string Lapsed = "lapsed";
    public const string New = "new";
    public const string Bargain = "bargain";
    public const string Browser = "browser";

    public static PlantedCustomer Draw(string id, string type, Random random)
    {
        double Between(double low, double high) => low + ((high - low) * random.NextDouble());
        var (recency, tenure, orders, value, discount, views) = type switch
        {
            Champion => (Between(2, 12), Between(250, 360), Between(12, 24), Between(70, 110), Between(0, 0.1), Between(10, 20)),
            Lapsed => (Between(180, 280), Between(300, 380), Between(2, 5), Between(30, 50), Between(0, 0.1), 0),
            New => (Between(2, 10), Between(4, 14), 1, Between(30, 50), Between(0, 0.1), Between(4, 9)),
            Bargain => (Between(20, 50), Between(200, 350), Between(5, 9), Between(15, 25), Between(0.8, 1), Between(8, 16)),
            Browser => (Between(10, 40), Between(10, 40), 0.0, 0.0, 0.0, Between(20, 60)),
            _ => throw new ArgumentException($"No type {type}.", nameof(type)),
        };
        orders = Math.Round(orders);
        var monetary = orders * value;
        var fade = Math.Pow(2, -recency / 90);
        return new PlantedCustomer(id, type, Features(
            ("recencyDays", recency), ("tenureDays", tenure), ("inactivityDays", Math.Min(recency, 20)), ("frequency", orders), ("monetary", monetary),
            ("averageOrderValue", orders == 0 ? 0 : value), ("discountedOrderShare", discount), ("views30d", views), ("views", views * 3),
            ("orders90d", orders * fade / 2), ("spend90d", monetary * fade / 2), ("basketUnits", orders == 0 ? 0 : value / 5),
            ("unitPrice", orders == 0 ? 0 : type == Bargain ? 2 : 5), ("distinctProducts", orders * 3), ("distinctCategories", Math.Min(8, 1 + (orders / 2))),
            ("orderGapDays", orders < 2 ? 0 : (tenure - recency) / (orders - 1))), monetary);
    }

    private static float[] Features(params (string Feature, double Value)[] values)
    {
        var vector = new float[FeatureSchema.Current.Count];
        foreach (var (feature, value) in values)
        {
            vector[FeatureSchema.Current.IndexOf(feature)] = (float)value;
        }

        return vector;
    }
}
