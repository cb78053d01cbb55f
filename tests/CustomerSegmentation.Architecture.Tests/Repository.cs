using System.Xml.Linq;

namespace CustomerSegmentation.Architecture.Tests;

/// <summary>The source tree, found from where the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>Projects by name, with the names of the projects that they reference.</summary>
    public static IReadOnlyDictionary<string, IReadOnlySet<string>> Projects { get; } =
        Files("*.csproj").ToDictionary(f => Path.GetFileNameWithoutExtension(f), References);

    /// <summary>Hand-written files below the root, as paths relative to it with forward slashes.</summary>
    public static IEnumerable<string> Files(string pattern) => Directory
        .EnumerateFiles(Root, pattern, SearchOption.AllDirectories)
        .Select(f => Path.GetRelativePath(Root, f).Replace('\\', '/'))
        .Where(f => !f.Split('/').Any(p => p is "bin" or "obj" or "node_modules" or "dist" or ".git" or "BenchmarkDotNet.Artifacts"))
        .Order(StringComparer.Ordinal);

    public static string Read(string file) => File.ReadAllText(Path.Combine(Root, file));

    private static IReadOnlySet<string> References(string project) => XDocument
        .Parse(Read(project))
        .Descendants("ProjectReference")
        .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value.Replace('\\', '/')))
        .ToHashSet();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "CustomerSegmentation.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("CustomerSegmentation.sln is in no folder above the tests.");
        }
        return folder.FullName;
    }
}
