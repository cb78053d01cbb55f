namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>The files beside the code.</summary>
internal static class Repository
{
    /// <summary>The folder of the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where @segment/analytics-node is installed; null when it is nowhere.</summary>
    public static string? NodeModules { get; } = new[] { "client-samples/segment-sdk", "tests/CustomerSegmentation.Api.Tests/Sdk" }
        .Select(folder => Path.Combine(Root, folder, "node_modules"))
        .FirstOrDefault(folder => Directory.Exists(Path.Combine(folder, "@segment", "analytics-node")));

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CustomerSegmentation.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in the repository.");
        }

        return folder.FullName;
    }
}
