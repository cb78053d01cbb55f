namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>What the README tells its readers to type.</summary>
internal static class ReadmeBlocks
{
    /// <summary>The lines of all blocks of a language, in order.</summary>
    public static IReadOnlyList<string> Lines(string language)
    {
        List<string> lines = [];
        var inside = false;
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "README.md")))
        {
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                inside = !inside && line == "```" + language;
            }
            else if (inside && line.Length > 0)
            {
                lines.Add(line);
            }
        }

        return lines;
    }
}
