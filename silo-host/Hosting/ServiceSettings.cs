namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>What the command line says about the service.</summary>
/// <param name="DataFolder">The data folder.</param>
/// <param name="Urls">Addresses to listen on.</param>
/// <param name="RequireKeys">False opens every path to everybody.</param>
/// <param name="Verbose">More logs.</param>
/// <param name="Overrides">Options by name that win over files and environment.</param>
internal sealed record ServiceSettings(
    string DataFolder, IReadOnlyList<string> Urls, bool RequireKeys, bool Verbose, IReadOnlyList<KeyValuePair<string, string?>> Overrides);
