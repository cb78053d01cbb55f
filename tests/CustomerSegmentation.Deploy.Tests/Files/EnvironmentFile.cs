namespace CustomerSegmentation.Deploy.Tests.Files;

/// <summary>Lines of the form NAME=value.</summary>
internal static class EnvironmentFile
{
    public static IReadOnlyDictionary<string, string> Parse(string text) => text
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => !line.StartsWith('#'))
        .Select(line => line.Split('=', 2))
        .ToDictionary(pair => pair[0], pair => pair[1]);
}
