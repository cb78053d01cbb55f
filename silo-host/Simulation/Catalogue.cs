using System.Globalization;

namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>What the simulated shop sells: categories with products, cheapest first.</summary>
internal sealed class Catalogue
{
    private const int ProductsPerCategory = 30;

    private static readonly (string Category, double TypicalPrice)[] Categories =
    [
        ("Kitchen", 18), ("Garden", 24), ("Lighting", 35), ("Stationery", 6), ("Toys", 16), ("Textiles", 28), ("Decoration", 14),
        ("Furniture", 160), ("Jewellery", 60), ("Electronics", 110), ("Books", 12), ("Gifts", 20),
    ];

    private static readonly string[] Adjectives = ["Small", "Blue", "Vintage", "Wooden", "Bright", "Folding", "Classic", "Painted", "Nordic", "Royal"];
    private static readonly string[] Nouns = ["Lantern", "Basket", "Bowl", "Frame", "Clock", "Mirror", "Cushion", "Kit", "Box", "Lamp", "Mug", "Tray"];
    private static readonly string[] Brands = ["Alder & Co", "Brightside", "Corvo", "Dovetail", "Elm", "Fjord"];

    private readonly CatalogueProduct[][] _products;

    public Catalogue(int seed)
    {
        var random = SimulationRandom.Stream(seed, -1);
        _products = [.. Categories.Select((category, index) => Make(category.Category, category.TypicalPrice, index, random))];
    }

    public int CategoryCount => _products.Length;

    public string CategoryName(int category) => Categories[category].Category;

    /// <summary>A product near a level of the category's prices, from 0 (cheapest) to 1.</summary>
    public CatalogueProduct Choose(int category, double priceLevel, SimulationRandom random)
    {
        var rank = random.Normal(priceLevel, 0.15) * ProductsPerCategory;
        return _products[category][Math.Clamp((int)rank, 0, ProductsPerCategory - 1)];
    }

    private static CatalogueProduct[] Make(string category, double typicalPrice, int index, SimulationRandom random) =>
    [
        .. Enumerable.Range(0, ProductsPerCategory)
            .Select(_ => Math.Max(0.5, Math.Round(typicalPrice * Math.Exp(random.Normal(0, 0.6)), 2)))
            .Order()
            .Select((price, rank) => new CatalogueProduct(
                string.Create(CultureInfo.InvariantCulture, $"P{index:00}{rank:000}"),
                $"{Adjectives[random.Next(Adjectives.Length)]} {Nouns[random.Next(Nouns.Length)]}",
                category,
                Brands[random.Next(Brands.Length)],
                price)),
    ];
}
