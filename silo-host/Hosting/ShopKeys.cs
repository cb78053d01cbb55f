using CustomerSegmentation.Api;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Hosting;

/// <summary>
/// The keys of the service: those of the configuration, which processes share and where a second key may hold beside the first while it is replaced; else
/// those of the data folder's file, made once.
/// </summary>
/// <param name="First">The first of each kind.</param>
/// <param name="File">Where they are; null for the configuration.</param>
/// <param name="AreNew">They were made just now.</param>
internal sealed record ShopKeys(ServiceKeys First, string? File, bool AreNew)
{
    /// <param name="configuration">May have keys.</param>
    /// <param name="dataFolder">Has a file with keys, else.</param>
    /// <param name="mayMake">Whether that file is made when it is not there; not where others that must have the same keys would never see it.</param>
    /// <exception cref="CommandFailure">The configuration has keys of one kind alone, the file cannot be read, or there are no keys and none may be made.</exception>
    public static ShopKeys Read(IConfiguration configuration, string dataFolder, bool mayMake)
    {
        if (Configured(configuration) is { } keys)
        {
            return new ShopKeys(keys, null, AreNew: false);
        }

        var file = new KeyFile(dataFolder);
        if (!mayMake && file.TryRead() is null)
        {
            throw new CommandFailure(
                "the silos of a cluster that serve the API take the same keys, and this one has none: set Segmentation__WriteKeys__0 and Segmentation__AdminKeys__0 alike for "
                + $"all of them, or put keys.json of one into {dataFolder}. Only silos that nobody reaches from another machine (no Cluster:Address, no POD_IP) make keys by themselves");
        }

        return new ShopKeys(file.ReadOrCreate(out var created), file.Location, created);
    }

    /// <summary>The keys for a command; null when there are none yet.</summary>
    /// <exception cref="CommandFailure">As <see cref="Read"/> says.</exception>
    public static ServiceKeys? TryRead(IConfiguration configuration, string dataFolder) => Configured(configuration) ?? new KeyFile(dataFolder).TryRead();

    private static ServiceKeys? Configured(IConfiguration configuration) =>
        (FirstOf(configuration, nameof(ApiOptions.WriteKeys)), FirstOf(configuration, nameof(ApiOptions.AdminKeys))) switch
        {
            (null, null) => null,
            ({ } write, { } admin) => new ServiceKeys(write, admin),
            _ => throw new CommandFailure("the configuration has keys of one kind alone: give both WriteKeys:0 and AdminKeys:0, or neither"),
        };

    private static string? FirstOf(IConfiguration configuration, string kind) =>
        configuration.GetSection($"{OptionCatalogue.Section}:{kind}").GetChildren().Select(key => key.Value).FirstOrDefault(key => !string.IsNullOrEmpty(key));
}
