namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>A test that needs Node.js and the installed SDK: skipped where they are missing, except in continuous integration, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public const string NotInstalled = "The SDK is not installed: npm install in client-samples/segment-sdk.";

    public NodeFactAttribute()
    {
        if (Environment.GetEnvironmentVariable("CI") == "true")
        {
            return;
        }

        Skip = !IsOnPath("node") ? "Node.js is missing."
            : Repository.NodeModules is null ? NotInstalled
            : null;
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
            File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}
