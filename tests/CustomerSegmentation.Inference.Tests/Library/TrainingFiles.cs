using System.Runtime.CompilerServices;
using System.Text.Json;

namespace CustomerSegmentation.Inference.Tests.Library;

/// <summary>Files of <c>src/training</c> that its own tests check as well.</summary>
internal static class TrainingFiles
{
    /// <summary>Path of a file or folder there.</summary>
    public static string Path(params ReadOnlySpan<string> parts) =>
        System.IO.Path.GetFullPath(System.IO.Path.Combine([System.IO.Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "training", .. parts]));

    public static JsonDocument ReadJson(params ReadOnlySpan<string> parts) => JsonDocument.Parse(File.ReadAllBytes(Path(parts)));

    private static string Here([CallerFilePath] string file = "") => file;
}
