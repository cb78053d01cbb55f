using System.Text.Json;
using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.SiloHost.Commands;

namespace CustomerSegmentation.SiloHost.Models;

/// <summary>Finds what belongs to a manifest on disk.</summary>
internal static class ModelFolderReader
{
    /// <summary>The manifest with the graph that it names, from the same folder. Whether they fit is for the catalogue to say.</summary>
    /// <exception cref="CommandFailure">A file is missing or cannot be read, or the manifest is none.</exception>
    public static ModelPackage Read(string path)
    {
        var manifest = Part(path);
        string? file;
        try
        {
            using var stream = manifest.Open();
            using var json = JsonDocument.Parse(stream);
            file = json.RootElement.ValueKind == JsonValueKind.Object && json.RootElement.TryGetProperty("file", out var name) && name.ValueKind == JsonValueKind.String
                ? name.GetString()
                : null;
        }
        catch (JsonException e)
        {
            throw new CommandFailure($"{path}: not a manifest: {e.Message}", e);
        }

        return string.IsNullOrEmpty(file) || Path.GetFileName(file) != file
            ? throw new CommandFailure($"{path}: not a manifest: it names no file beside it")
            : new ModelPackage(manifest, [Part(Path.Combine(Path.GetDirectoryName(path) ?? "", file))]);
    }

    private static ModelPart Part(string path)
    {
        try
        {
            using var file = File.OpenRead(path);
            return new ModelPart(Path.GetFileName(path), file.Length, () => File.OpenRead(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new CommandFailure($"cannot read {path}: {e.Message}", e);
        }
    }
}
