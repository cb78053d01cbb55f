using CustomerSegmentation.Storage.Models;

namespace CustomerSegmentation.Storage.InMemory;

/// <summary>The models of <see cref="InMemoryData"/>.</summary>
internal sealed class InMemoryModels
{
    public Dictionary<(string Kind, string Version), StoredModel> Stored { get; } = [];

    public Dictionary<string, ModelChoice> Choices { get; } = new(StringComparer.Ordinal);

    /// <summary>Pieces of files by upload.</summary>
    public Dictionary<long, Dictionary<(string File, int Number), byte[]>> Chunks { get; } = [];

    public long LastUpload { get; set; }
}
