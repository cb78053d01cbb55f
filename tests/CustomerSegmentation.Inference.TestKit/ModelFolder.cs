using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Inference.Models;

namespace CustomerSegmentation.Inference.TestKit;

/// <summary>A temporary folder of models.</summary>
public sealed class ModelFolder : IDisposable
{
    public ModelFolder()
    {
        Path = Directory.CreateTempSubdirectory("models-").FullName;
        Source = new FolderModelSource(Path);
    }

    public string Path { get; }

    public IModelSource Source { get; }

    /// <summary>Adds a sequence encoder; returns the name of its manifest.</summary>
    /// <param name="version">Its version; the name is <c>test</c>.</param>
    /// <param name="model">The model.</param>
    /// <param name="change">Changes the manifest before it is written.</param>
    public string Add(string version, GruModel model, Action<JsonObject>? change = null)
    {
        var file = $"test-{version}.onnx";
        var graph = model.ToOnnx();
        File.WriteAllBytes(System.IO.Path.Combine(Path, file), graph);
        var manifest = Manifest(version, file, graph, "sequence", model.EmbeddingSize);
        manifest["tokens"] = TokenLayout.Version;
        manifest["featureSchema"] = FeatureSchema.Current.Hash;
        manifest["featureColumns"] = model.FeatureColumns;
        manifest["stateSize"] = model.StateSize;
        manifest["heads"] = JsonSerializer.SerializeToNode(model.Classes.Select((classes, head) => new
        {
            name = $"head{head}",
            classes = Enumerable.Range(0, classes).Select(c => $"class{c}"),
        }));
        return Write(version, manifest, change);
    }

    /// <summary>Adds a text encoder; returns the name of its manifest.</summary>
    public string AddText(string version, byte[] graph, int embeddingSize, IEnumerable<string> vocabulary, Action<JsonObject>? change = null)
    {
        var words = Encoding.UTF8.GetBytes(string.Join("\n", vocabulary) + "\n");
        File.WriteAllBytes(System.IO.Path.Combine(Path, $"test-{version}.onnx"), graph);
        File.WriteAllBytes(System.IO.Path.Combine(Path, $"test-{version}.txt"), words);
        var manifest = Manifest(version, $"test-{version}.onnx", graph, "text", embeddingSize);
        manifest["vocabulary"] = $"test-{version}.txt";
        manifest["vocabularySha256"] = Convert.ToHexStringLower(SHA256.HashData(words));
        manifest["maxTokens"] = 16;
        manifest["lowerCase"] = true;
        return Write(version, manifest, change);
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static JsonObject Manifest(string version, string file, byte[] graph, string kind, int embeddingSize) => new()
    {
        ["manifest"] = 1,
        ["name"] = "test",
        ["version"] = version,
        ["kind"] = kind,
        ["file"] = file,
        ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(graph)),
        ["precision"] = "float32",
        ["embeddingSize"] = embeddingSize,
        ["metrics"] = new JsonObject { ["head0"] = new JsonObject { ["macroF1"] = 0.5 } },
    };

    private string Write(string version, JsonObject manifest, Action<JsonObject>? change)
    {
        change?.Invoke(manifest);
        var name = $"test-{version}.json";
        File.WriteAllText(System.IO.Path.Combine(Path, name), manifest.ToJsonString());
        return name;
    }
}
