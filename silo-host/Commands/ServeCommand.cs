using System.CommandLine;
using CustomerSegmentation.SiloHost.Hosting;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>No command: serve.</summary>
internal static class ServeCommand
{
    public static void Configure(RootCommand root, GlobalOptions global, CommandServices services)
    {
        var urls = new Option<string>("--urls")
        {
            Description = "Addresses to listen on, separated by semicolons",
            HelpName = "URL",
            DefaultValueFactory = _ => GlobalOptions.DefaultUrl,
        };
        urls.Validators.Add(result =>
        {
            foreach (var url in Split(result.GetValueOrDefault<string>()))
            {
                if (!Uri.TryCreate(url.Replace("//*", "//any", StringComparison.Ordinal).Replace("//+", "//any", StringComparison.Ordinal), UriKind.Absolute, out var uri)
                    || uri.Scheme is not ("http" or "https"))
                {
                    result.AddError($"--urls: '{url}' is not an address such as {GlobalOptions.DefaultUrl}");
                }
            }
        });
        var noAuth = new Option<bool>("--no-auth") { Description = "Ask for no keys: for local play only" };
        var cluster = new Option<bool>("--cluster")
        {
            Description = "Join the cluster of silos that share the data of --postgres, or begin one",
        };
        root.Add(urls);
        root.Add(cluster);
        root.Add(noAuth);
        root.SetAction(async (parsed, cancellationToken) =>
        {
            var settings = new ServiceSettings(
                global.Location(parsed), Split(parsed.GetValue(urls)), !parsed.GetValue(noAuth), parsed.GetValue(global.Verbose), parsed.GetValue(cluster));
            await services.Service(settings, cancellationToken);
            return CommandLineApplication.Success;
        });
    }

    private static string[] Split(string? urls) =>
        (urls ?? GlobalOptions.DefaultUrl).Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
