namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>A product of the simulated shop.</summary>
/// <param name="Id">Product id.</param>
/// <param name="Name">Name for people.</param>
/// <param name="Category">Category.</param>
/// <param name="Brand">Brand.</param>
/// <param name="Price">Unit price in the shop's currency.</param>
internal sealed record CatalogueProduct(string Id, string Name, string Category, string Brand, double Price);
