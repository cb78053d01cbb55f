using System.Text.Json.Nodes;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.TestKit;
using CustomerSegmentation.Inference.Tests.Library;

namespace CustomerSegmentation.Inference.Tests.Models;

/// <summary>Models that do not fit are refused with the file and the difference, and the model before keeps running.</summary>
public sealed class ModelRefusalTests
{
    [OnnxFact]
    public Task Model_of_another_feature_schema_is_refused() => RefusedAsync(
        new GruModel(1), m => m["featureSchema"] = "0123456789abcdef", "test-2.json", ModelFault.FeatureSchema, "0123456789abcdef", FeatureSchema.Current.Hash);

    [OnnxFact]
    public Task Model_of_another_number_of_features_is_refused() => RefusedAsync(
        new GruModel(1) { FeatureColumns = 7 }, null, "test-2.json", ModelFault.FeatureSchema, "7 feature columns", $"{FeatureSchema.Current.Count}");

    [OnnxFact]
    public Task Model_of_another_layout_of_events_is_refused() =>
        RefusedAsync(new GruModel(1), m => m["tokens"] = 2, "test-2.json", ModelFault.Tokens, "version 2", $"{TokenLayout.Version}");

    [OnnxFact]
    public Task Graph_of_another_digest_is_refused() => RefusedAsync(
        new GruModel(1), m => m["sha256"] = new string('0', 64), "test-2.onnx", ModelFault.Digest, new string('0', 64));

    [OnnxFact]
    public Task Manifest_of_a_later_format_is_refused() => RefusedAsync(new GruModel(1), m => m["manifest"] = 2, "test-2.json", ModelFault.Manifest, "version 2");

    [OnnxFact]
    public Task Manifest_without_a_required_field_is_refused() =>
        RefusedAsync(new GruModel(1), m => m.Remove("sha256"), "test-2.json", ModelFault.Manifest, "sha256");

    [OnnxFact]
    public Task Manifest_with_an_empty_field_is_refused() => RefusedAsync(new GruModel(1), m => m["file"] = null, "test-2.json", ModelFault.Manifest, "file");

    [OnnxTheory]
    [InlineData("../test-2.onnx")]
    [InlineData("/etc/passwd")]
    [InlineData("..")]
    public Task Manifest_that_names_a_file_elsewhere_is_refused(string file) =>
        RefusedAsync(new GruModel(1), m => m["file"] = file, "test-2.json", ModelFault.Manifest, file);

    [OnnxTheory]
    [InlineData("stateSize", 0)]
    [InlineData("stateSize", int.MaxValue)]
    [InlineData("embeddingSize", -4)]
    [InlineData("embeddingSize", 1 << 20)]
    public Task Manifest_with_a_size_beyond_reason_is_refused(string field, int size) =>
        RefusedAsync(new GruModel(1), m => m[field] = size, "test-2.json", ModelFault.Manifest, field, $"{size}", "8192");

    [OnnxTheory]
    [InlineData("[]", "heads are missing")]
    [InlineData("[null]", "lacks a name or classes")]
    [InlineData("[{\"name\":\"a\",\"classes\":[]}]", "lacks a name or classes")]
    [InlineData("[{\"name\":\"a\",\"classes\":[null]}]", "lacks a name or classes")]
    [InlineData("[{\"name\":\"\",\"classes\":[\"x\"]}]", "lacks a name or classes")]
    [InlineData("[{\"name\":\"a\",\"classes\":[\"x\"]},{\"name\":\"a\",\"classes\":[\"x\"]}]", "two heads have the same name")]
    [InlineData("[{\"name\":\"a\",\"classes\":[\"x\",\"x\"]}]", "two classes of a head have the same name")]
    public Task Manifest_with_heads_that_are_none_is_refused(string heads, string words) =>
        RefusedAsync(new GruModel(1), m => m["heads"] = JsonNode.Parse(heads), "test-2.json", ModelFault.Manifest, words);

    [OnnxFact]
    public Task Missing_graph_is_refused() =>
        RefusedAsync(new GruModel(1), m => m["file"] = "gone.onnx", "gone.onnx", ModelFault.File, "missing");

    [OnnxFact]
    public Task Model_of_another_kind_is_refused() => RefusedAsync(
        new GruModel(1), m => (m["kind"], m["vocabulary"], m["maxTokens"]) = ("text", "v.txt", 8), "test-2.json", ModelFault.Manifest, "'text'", "'sequence'");

    [OnnxFact]
    public Task Graph_with_another_state_than_its_manifest_is_refused() => RefusedAsync(
        new GruModel(1), m => m["stateSize"] = 9, "test-2.onnx", ModelFault.Shape, "state Float32 [?, 8]", "state Float32 [?, 9]");

    [OnnxFact]
    public Task Graph_with_other_classes_than_its_manifest_is_refused() => RefusedAsync(
        new GruModel(1), m => m["heads"]!.AsArray().RemoveAt(1), "test-2.onnx", ModelFault.Shape, "probabilities Float32 [?, 5]", "[?, 3]");

    [OnnxFact]
    public Task Graph_that_lacks_an_input_is_refused() => RefusedAsync(
        new GruModel(1) { Renamed = { ["lengths"] = "len" } }, null, "test-2.onnx", ModelFault.Shape, "lengths Int64 [?] is missing", "len Int64 [?]");

    [OnnxFact]
    public Task Graph_that_lacks_an_output_is_refused() => RefusedAsync(
        new GruModel(1) { Renamed = { ["embedding"] = "vector" } }, null, "test-2.onnx", ModelFault.Shape, "embedding Float32 [?, 4] is missing");

    [OnnxFact]
    public Task Model_whose_padding_leaks_is_refused() =>
        RefusedAsync(new GruModel(1) { PaddingLeaks = true }, null, "test-2.onnx", ModelFault.Behaviour, "beside a longer one");

    [OnnxFact]
    public Task Model_that_gives_no_finite_numbers_is_refused() =>
        RefusedAsync(new GruModel(1) { DividesByFirstFeature = true }, null, "test-2.onnx", ModelFault.Behaviour, "finite");

    [OnnxFact]
    public Task Truncated_graph_is_refused() => RefusedAsync(
        new GruModel(1),
        null,
        "test-2.onnx",
        ModelFault.Graph,
        ["Opening test 2 (test-2.onnx)"],
        (folder, manifest) =>
        {
            var graph = File.ReadAllBytes(Path.Combine(folder, "test-2.onnx"))[..^40];
            File.WriteAllBytes(Path.Combine(folder, "test-2.onnx"), graph);
            manifest["sha256"] = Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(graph));
        });

    [OnnxFact]
    public async Task Graph_beyond_the_largest_size_is_refused()
    {
        await using var test = new TestRegistry(new InferenceOptions { Lanes = 1, ModelBytesMax = 1_000 });
        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => test.LoadAsync(test.Folder.Add("1", new GruModel(1))));
        Assert.Equal(("test-1.onnx", ModelFault.File), (error.File, error.Fault));
        Assert.Contains("1000 bytes", error.Message);
    }

    [OnnxFact]
    public async Task Text_that_is_no_manifest_is_refused()
    {
        await using var test = new TestRegistry();
        await File.WriteAllTextAsync(Path.Combine(test.Folder.Path, "bad.json"), "{ \"manifest\": 1, ");
        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => test.LoadAsync("bad.json"));
        Assert.Equal(("bad.json", ModelFault.Manifest), (error.File, error.Fault));
        error = await Assert.ThrowsAsync<ModelRefusedException>(() => test.LoadAsync("none.json"));
        Assert.Equal(("none.json", ModelFault.File), (error.File, error.Fault));
    }

    private static Task RefusedAsync(GruModel model, Action<JsonObject>? change, string file, ModelFault fault, params string[] words) =>
        RefusedAsync(model, change, file, fault, words, null);

    private static async Task RefusedAsync(
        GruModel model, Action<JsonObject>? change, string file, ModelFault fault, string[] words, Action<string, JsonObject>? damage)
    {
        await using var test = new TestRegistry();
        var before = await test.ActivateAsync("1", new GruModel(7));
        var name = test.Folder.Add("2", model, manifest =>
        {
            change?.Invoke(manifest);
            damage?.Invoke(test.Folder.Path, manifest);
        });
        var error = await Assert.ThrowsAsync<ModelRefusedException>(() => test.LoadAsync(name));
        Assert.Equal((file, fault), (error.File, error.Fault));
        Assert.StartsWith(file, error.Message);
        Assert.All(words, word => Assert.Contains(word, error.Message));

        Assert.Same(before, test.Registry.Model);
        Assert.Single(test.Registry.Models);
        Assert.Equal(EncoderOutcome.Encoded, (await test.EncodeAsync(before, 1, 3)).Outcome);
    }
}
