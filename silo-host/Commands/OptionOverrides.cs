using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Reads <c>--set Name=Value</c>.</summary>
internal static class OptionOverrides
{
    /// <exception cref="UsageError">It is not of that form, or there is no such option.</exception>
    public static IReadOnlyList<KeyValuePair<string, string?>> Parse(IReadOnlyList<string> settings)
    {
        var overrides = new List<KeyValuePair<string, string?>>();
        foreach (var setting in settings)
        {
            var equals = setting.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? setting[..equals].Trim() : "";
            if (OptionCatalogue.Find(name) is not { } option)
            {
                throw new UsageError($"--set {setting}: there is no option '{name}' (the options command lists them)");
            }

            overrides.Add(new($"{OptionCatalogue.Section}:{option.Name}", setting[(equals + 1)..]));
        }

        return overrides;
    }
}
