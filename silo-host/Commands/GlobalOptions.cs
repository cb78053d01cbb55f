using System.CommandLine;
using CustomerSegmentation.SiloHost.Access;
using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Options that every command knows.</summary>
internal sealed class GlobalOptions
{
    public const string DataVariable = "SEGMENTATION_DATA";
    public const string DefaultUrl = "http://127.0.0.1:5080";

    public Option<string> Data { get; } = new("--data")
    {
        Description = $"The data folder: keys, lock and, without --postgres, the database [default: {DataVariable}, or ./data]",
        HelpName = "DIR",
        Recursive = true,
    };

    public Option<string> Postgres { get; } = new("--postgres")
    {
        Description = "Keep the data in PostgreSQL: Host=…;Username=…;Password=…;Database=… [default: option Postgres:ConnectionString, or the data folder]",
        HelpName = "CONNECTION",
        Recursive = true,
    };

    public Option<bool> Verbose { get; } = new("--verbose", "-v") { Description = "Show what is behind an error, and more logs", Recursive = true };

    public Option<string[]> Set { get; } = new("--set")
    {
        Description = "Set an option, as listed by the options command: Name=Value",
        HelpName = "NAME=VALUE",
        Recursive = true,
    };

    /// <summary>Of commands that may go through a service.</summary>
    public Option<string> Url { get; } = ServiceUrl("Go through the service, or a cluster's silo, at this address [default: the one that holds the data folder, if any]");

    /// <summary>Beside <see cref="Url"/>.</summary>
    public Option<string> Key { get; } = new("--key") { Description = "The service's admin key [default: from the data folder]" };

    /// <summary><c>--url</c></summary>
    public static Option<string> ServiceUrl(string description)
    {
        var url = new Option<string>("--url") { Description = description, HelpName = "URL" };
        url.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } text && !(Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"))
            {
                result.AddError($"--url: '{text}' is not an address such as {DefaultUrl}");
            }
        });
        return url;
    }

    public string DataFolder(ParseResult parsed) =>
        parsed.GetValue(Data) ?? Environment.GetEnvironmentVariable(DataVariable) ?? "data";

    /// <exception cref="UsageError">An option that is set does not exist.</exception>
    public ShopLocation Location(ParseResult parsed)
    {
        var overrides = OptionOverrides.Parse(parsed.GetValue(Set) ?? []);
        return new ShopLocation(
            DataFolder(parsed),
            parsed.GetValue(Postgres) is { } connection ? [.. overrides, new(ShopStorage.ConnectionKey, connection)] : overrides,
            parsed.GetValue(Url) is { } url ? new Uri(url) : null,
            parsed.GetValue(Key));
    }
}
