namespace CustomerSegmentation.Storage.Models;

/// <summary>A version of a model is stored already, with another content.</summary>
public sealed class ModelConflictException : Exception
{
    internal ModelConflictException(string kind, string version, string storedChecksum)
        : base($"Version '{version}' of the {kind} model is stored already with the checksum {storedChecksum}. Give another version.")
    {
        Kind = kind;
        Version = version;
    }

    public string Kind { get; }

    public string Version { get; }
}
