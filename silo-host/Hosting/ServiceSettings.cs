using CustomerSegmentation.SiloHost.Access;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>What the command line says about the service.</summary>
/// <param name="Location">The shop to serve.</param>
/// <param name="Urls">Addresses to listen on.</param>
/// <param name="RequireKeys">False opens every path to everybody.</param>
/// <param name="Verbose">More logs.</param>
/// <param name="Cluster">Be a silo of a cluster.</param>
internal sealed record ServiceSettings(ShopLocation Location, IReadOnlyList<string> Urls, bool RequireKeys, bool Verbose, bool Cluster = false);
