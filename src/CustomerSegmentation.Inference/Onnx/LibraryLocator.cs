using System.Runtime.InteropServices;

namespace CustomerSegmentation.Inference.Onnx;

/// <summary>Where the shared library of ONNX Runtime may be.</summary>
internal static class LibraryLocator
{
    /// <summary>Names a library file and comes before every other place; <see cref="None"/> goes without one.</summary>
    public const string Variable = "SEGMENTATION_ONNXRUNTIME";

    /// <summary>In place of a path: no library, wherever one may be.</summary>
    public const string None = "none";

    // Where ./run and ./test install the npm package, from the root of the source tree.
    private const string InstalledFolder = "src/CustomerSegmentation.Inference/library";

    /// <summary>
    /// Paths in the order in which they are tried: a configured path alone; else beside the program, in its runtimes folder, and in the npm package
    /// onnxruntime-node of the program's folder or one above it, then where systems install libraries.
    /// </summary>
    /// <param name="configured">Path from the options, empty for none.</param>
    /// <param name="programFolder">The program's folder.</param>
    public static IReadOnlyList<string> Candidates(string configured, string programFolder)
    {
        var explicitPath = configured.Length > 0 ? configured : Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(explicitPath))
        {
            return explicitPath == None ? [] : [Path.GetFullPath(explicitPath)];
        }

        var paths = new List<string>();
        AddFiles(paths, programFolder);
        AddFiles(paths, Path.Combine(programFolder, "runtimes", Platform, "native"));
        for (var folder = new DirectoryInfo(programFolder); folder is not null; folder = folder.Parent)
        {
            AddPackage(paths, folder.FullName);
            AddPackage(paths, Path.Combine(folder.FullName, InstalledFolder));
        }

        foreach (var folder in SystemFolders)
        {
            AddFiles(paths, folder);
        }

        return paths;
    }

    private static IReadOnlyList<string> SystemFolders => OperatingSystem.IsWindows() ? []
        : OperatingSystem.IsMacOS() ? ["/usr/local/lib", "/opt/homebrew/lib"]
        : ["/usr/local/lib", "/usr/lib", $"/usr/lib/{(RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "aarch64" : "x86_64")}-linux-gnu", "/usr/lib64"];

    private static string Platform => $"{(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux")}-{Architecture}";

    private static string Architecture => RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant();

    private static IReadOnlyList<string> FileNames => OperatingSystem.IsWindows() ? ["onnxruntime.dll"]
        : OperatingSystem.IsMacOS() ? ["libonnxruntime.1.dylib", "libonnxruntime.dylib"]
        : ["libonnxruntime.so.1", "libonnxruntime.so"];

    private static void AddFiles(List<string> paths, string folder) => paths.AddRange(FileNames.Select(name => Path.Combine(folder, name)));

    private static void AddPackage(List<string> paths, string folder)
    {
        var versions = Path.Combine(folder, "node_modules", "onnxruntime-node", "bin");
        var platform = OperatingSystem.IsWindows() ? "win32" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        if (Directory.Exists(versions))
        {
            foreach (var version in Directory.EnumerateDirectories(versions, "napi-v*").Order(StringComparer.Ordinal))
            {
                AddFiles(paths, Path.Combine(version, platform, Architecture));
            }
        }
    }
}
