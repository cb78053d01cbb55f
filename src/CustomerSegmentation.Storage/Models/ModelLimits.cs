namespace CustomerSegmentation.Storage.Models;

/// <summary>Bounds of a stored model.</summary>
public static class ModelLimits
{
    /// <summary>All files of a model together.</summary>
    public const long BytesMax = 512L << 20;

    /// <summary>Files of a model.</summary>
    public const int FilesMax = 16;

    /// <summary>Characters of a kind, a version, a checksum or a file's name.</summary>
    public const int NameCharsMax = 200;

    /// <summary>Characters of a manifest.</summary>
    public const int ManifestCharsMax = 1 << 20;

    /// <summary>The pieces in which files are stored and read.</summary>
    public const int ChunkBytes = 1 << 20;

    internal static void Check(ModelUpload model)
    {
        foreach (var name in model.Files.Select(f => f.Name).Concat([model.Kind, model.Version, model.Checksum]))
        {
            if (name.Length is 0 or > NameCharsMax || name.Contains('\0', StringComparison.Ordinal))
            {
                throw new ArgumentException($"Names and the checksum of a model have 1 to {NameCharsMax} characters, none of them NUL.", nameof(model));
            }
        }

        if (model.Manifest.Length > ManifestCharsMax)
        {
            throw new ArgumentException($"A model's manifest has at most {ManifestCharsMax:N0} characters.", nameof(model));
        }

        if (model.Files.Count is 0 or > FilesMax || model.Files.DistinctBy(f => f.Name, StringComparer.Ordinal).Count() < model.Files.Count)
        {
            throw new ArgumentException($"A model has 1 to {FilesMax} files, each with a name of its own.", nameof(model));
        }

        CheckBytes(model.Files.Sum(f => f.Content.CanSeek ? f.Content.Length - f.Content.Position : 0));
    }

    internal static void CheckBytes(long bytes)
    {
        if (bytes > BytesMax)
        {
            throw new InvalidDataException($"The files of a model have at most {BytesMax:N0} bytes together.");
        }
    }
}
