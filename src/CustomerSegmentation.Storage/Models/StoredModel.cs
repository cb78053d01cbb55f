using System.Text.Json;

namespace CustomerSegmentation.Storage.Models;

/// <summary>A model with the number under which its files lie.</summary>
internal sealed record StoredModel(ModelRecord Record, long Upload)
{
    public static string WriteFiles(IReadOnlyList<ModelFile> files) => JsonSerializer.Serialize(files);

    public static IReadOnlyList<ModelFile> ReadFiles(string text) => JsonSerializer.Deserialize<ModelFile[]>(text) ?? [];
}
