namespace CustomerSegmentation.Api.Tests.Sdk;

/// <summary>A test that needs Node.js and npm: skipped where they are missing, except in CI, where it runs and fails.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NodeFactAttribute : FactAttribute
{
    public NodeFactAttribute()
    {
        if (!(OnPath("node") && OnPath("npm")) && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = "Node.js and npm are missing.";
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder =>
            File.Exists(Path.Combine(folder, program)) || File.Exists(Path.Combine(folder, program + ".exe")));
}
