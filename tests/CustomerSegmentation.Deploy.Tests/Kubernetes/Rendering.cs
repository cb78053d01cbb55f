using System.Diagnostics;
using System.Text.Json.Nodes;
using CustomerSegmentation.Deploy.Tests.Files;

namespace CustomerSegmentation.Deploy.Tests.Kubernetes;

/// <summary>What kustomize makes of a folder.</summary>
internal static class Rendering
{
    /// <summary>The command and its first words; null where there is none.</summary>
    public static string[]? Program { get; } = Find("kustomize") is { } alone ? [alone, "build"] : Find("kubectl") is { } kubectl ? [kubectl, "kustomize"] : null;

    public static IReadOnlyList<JsonNode> Of(string folder)
    {
        var start = new ProcessStartInfo(Program![0], [.. Program[1..], Repository.Path(folder)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return Yaml.Parse(output);
    }

    /// <summary>The manifests of the base as they lie there: whole ones, which need no rendering.</summary>
    public static IReadOnlyList<JsonNode> OfBase() => [.. Repository
        .Below("deploy/kubernetes/base", "*.yaml")
        .Where(file => !file.EndsWith("/kustomization.yaml", StringComparison.Ordinal))
        .SelectMany(file => Yaml.Parse(Repository.Read(file)))];

    private static string? Find(string program) => (Environment.GetEnvironmentVariable("PATH") ?? "")
        .Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, program))
        .FirstOrDefault(File.Exists);
}
