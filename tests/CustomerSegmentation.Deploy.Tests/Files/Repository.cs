namespace CustomerSegmentation.Deploy.Tests.Files;

/// <summary>The source tree, found from where the tests run.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    public static string Path(string relative) => System.IO.Path.Combine(Root, relative);

    public static string Read(string relative) => File.ReadAllText(Path(relative));

    /// <summary>Files below a folder, as paths relative to the root.</summary>
    public static IReadOnlyList<string> Below(string folder, string pattern = "*") => [.. Directory
        .EnumerateFiles(Path(folder), pattern, SearchOption.AllDirectories)
        .Select(file => System.IO.Path.GetRelativePath(Root, file).Replace('\\', '/'))
        .Where(file => !file.Split('/').Any(part => part is "node_modules" or "bin" or "obj"))
        .Order(StringComparer.Ordinal)];

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "CustomerSegmentation.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not lie in the repository.");
        }

        return folder.FullName;
    }
}
