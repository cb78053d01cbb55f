namespace CustomerSegmentation.SiloHost.Access;

/// <summary>Which shop the command line means.</summary>
/// <param name="DataFolder">The folder with the keys and the lock of the process that owns the shop, and with the database unless that is elsewhere.</param>
/// <param name="Overrides">Options by their full names that win over files and environment; among them the connection string.</param>
internal sealed record ShopLocation(string DataFolder, IReadOnlyList<KeyValuePair<string, string?>> Overrides);
