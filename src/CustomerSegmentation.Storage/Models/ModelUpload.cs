namespace CustomerSegmentation.Storage.Models;

/// <summary>A model to store.</summary>
public sealed class ModelUpload
{
    public required string Kind { get; init; }

    public required string Version { get; init; }

    /// <summary>JSON text; kept as it is and not read.</summary>
    public required string Manifest { get; init; }

    /// <summary>What tells this content from another one of the same version, such as a hash of the files.</summary>
    public required string Checksum { get; init; }

    /// <summary>One or several files; names differ.</summary>
    public required IReadOnlyList<ModelUploadFile> Files { get; init; }
}
