namespace CustomerSegmentation.SiloHost.Access;

/// <summary>Which shop the command line means.</summary>
/// <param name="DataFolder">The folder with the keys and the lock of the process that owns the shop, and with the database unless that is elsewhere.</param>
/// <param name="Overrides">Options by their full names that win over files and environment; among them the connection string.</param>
/// <param name="Url">The service to go through; null for the one that holds the folder, or none.</param>
/// <param name="Key">Its admin key; null takes it from the folder.</param>
internal sealed record ShopLocation(
    string DataFolder, IReadOnlyList<KeyValuePair<string, string?>> Overrides, Uri? Url = null, string? Key = null);
