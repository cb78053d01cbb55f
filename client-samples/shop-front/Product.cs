namespace CustomerSegmentation.Samples.ShopFront;

/// <summary>Something that the shop sells; the price in its currency.</summary>
internal sealed record Product(string Id, string Name, string Category, double Price)
{
    public static IReadOnlyList<Product> All { get; } =
    [
        new("mug", "Mug", "kitchen", 12), new("kettle", "Kettle", "kitchen", 48), new("lamp", "Lamp", "living", 95), new("chair", "Chair", "living", 180),
    ];
}
