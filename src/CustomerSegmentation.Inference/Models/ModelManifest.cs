using System.Text.Json;
using System.Text.Json.Serialization;
using CustomerSegmentation.Domain.Encoders;

namespace CustomerSegmentation.Inference.Models;

/// <summary>What a model says about itself: the file <c>NAME.json</c> that src/training/SPECIFICATION.md describes.</summary>
public sealed record ModelManifest
{
    /// <summary>The kind of a sequence encoder.</summary>
    public const string SequenceKind = "sequence";

    /// <summary>The kind of a text encoder.</summary>
    public const string TextKind = "text";

    private const int FormatVersion = 1;

    // Numbers of a customer's state, embedding or probabilities: beyond any use, and small enough that a batch of the largest size can be allocated.
    private const int SizeMax = 8_192;

    /// <summary>Version of the manifest's format.</summary>
    public required int Manifest { get; init; }

    public required string Name { get; init; }

    public required string Version { get; init; }

    /// <summary><see cref="SequenceKind"/> or <see cref="TextKind"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Name of the graph's file, beside the manifest.</summary>
    public required string File { get; init; }

    /// <summary>SHA-256 of the graph's file, 64 hexadecimal digits.</summary>
    public required string Sha256 { get; init; }

    public string Precision { get; init; } = "float32";

    public required int EmbeddingSize { get; init; }

    /// <summary>Of a sequence encoder: version of the layout of events.</summary>
    public int Tokens { get; init; }

    /// <summary>Of a sequence encoder: hash of the feature schema.</summary>
    public string FeatureSchema { get; init; } = "";

    public int FeatureColumns { get; init; }

    public int StateSize { get; init; }

    public IReadOnlyList<ManifestHead> Heads { get; init; } = [];

    /// <summary>Of a text encoder: name of the vocabulary's file, beside the manifest.</summary>
    public string Vocabulary { get; init; } = "";

    public string VocabularySha256 { get; init; } = "";

    /// <summary>Of a text encoder: longest sequence of word pieces, those at its ends included.</summary>
    public int MaxTokens { get; init; }

    public bool LowerCase { get; init; } = true;

    /// <summary>How good the model was in its evaluation, as the training wrote it.</summary>
    public JsonElement? Metrics { get; init; }

    /// <summary>What it was trained on.</summary>
    public JsonElement? Data { get; init; }

    /// <summary>How it was trained.</summary>
    public JsonElement? Training { get; init; }

    /// <summary>Name and version together, as <see cref="EncoderModel.Id"/>.</summary>
    [JsonIgnore]
    public string Id => $"{Name} {Version}";

    /// <summary>Reads a manifest and checks it against itself and against this build's features and events.</summary>
    /// <param name="file">Name of the manifest, for messages.</param>
    /// <param name="json">Its bytes.</param>
    /// <exception cref="ModelRefusedException">It cannot be read or does not fit.</exception>
    public static ModelManifest Read(string file, ReadOnlySpan<byte> json)
    {
        ModelManifest manifest;
        try
        {
            manifest = JsonSerializer.Deserialize(json, ManifestJson.Default.ModelManifest) ?? throw new JsonException("null is no manifest");
        }
        catch (JsonException e)
        {
            throw new ModelRefusedException(file, ModelFault.Manifest, $"not a manifest: {e.Message}", e);
        }

        manifest.Check(file);
        return manifest;
    }

    /// <summary>What the users of a sequence encoder see of it.</summary>
    public EncoderModel ToEncoderModel() => new(Name, Version, StateSize, EmbeddingSize, FeatureColumns, [.. Heads.Select(h => (h.Name, h.Classes))]);

    private void Check(string file)
    {
        void Require(bool holds, ModelFault fault, string difference)
        {
            if (!holds)
            {
                throw new ModelRefusedException(file, fault, difference);
            }
        }

        Require(Manifest == FormatVersion, ModelFault.Manifest, $"manifest version {Manifest}; this build reads {FormatVersion}");
        Require(Name.Length > 0 && Version.Length > 0, ModelFault.Manifest, "name and version must not be empty");
        Require(IsPlainName(File), ModelFault.Manifest, $"file '{File}' is not the name of a file beside the manifest");
        Require(Sha256.Length == 64 && Sha256.All(char.IsAsciiHexDigit), ModelFault.Manifest, $"sha256 '{Sha256}' is not 64 hexadecimal digits");
        Require(EmbeddingSize is >= 1 and <= SizeMax, ModelFault.Manifest, $"embeddingSize {EmbeddingSize} is not between 1 and {SizeMax}");
        Require(Kind is SequenceKind or TextKind, ModelFault.Manifest, $"kind '{Kind}' is neither {SequenceKind} nor {TextKind}");
        if (Kind == TextKind)
        {
            Require(IsPlainName(Vocabulary), ModelFault.Manifest, $"vocabulary '{Vocabulary}' is not the name of a file beside the manifest");
            Require(MaxTokens is >= 3 and <= 8_192, ModelFault.Manifest, $"maxTokens {MaxTokens} is not between 3 and 8192");
            return;
        }

        var schema = Domain.Features.FeatureSchema.Current;
        Require(Tokens == TokenLayout.Version, ModelFault.Tokens, $"trained on events of version {Tokens}; this build makes {TokenLayout.Version}");
        Require(FeatureSchema == schema.Hash, ModelFault.FeatureSchema, $"trained on feature schema {FeatureSchema}; this build has {schema.Hash}");
        Require(FeatureColumns == schema.Count, ModelFault.FeatureSchema, $"trained on {FeatureColumns} feature columns; this build has {schema.Count}");
        Require(StateSize is >= 1 and <= SizeMax, ModelFault.Manifest, $"stateSize {StateSize} is not between 1 and {SizeMax}");
        Require(Heads.Count > 0, ModelFault.Manifest, "heads are missing");

        // Elements of a list may be null, whatever their type says.
        Require(
            Heads.All(h => h is { Name.Length: > 0, Classes.Count: > 0 } && h.Classes.All(c => c is { Length: > 0 })),
            ModelFault.Manifest, "a head lacks a name or classes");
        Require(Heads.Select(h => h.Name).Distinct().Count() == Heads.Count, ModelFault.Manifest, "two heads have the same name");
        Require(Heads.All(h => h.Classes.Distinct().Count() == h.Classes.Count), ModelFault.Manifest, "two classes of a head have the same name");
        Require(Heads.Sum(h => (long)h.Classes.Count) <= SizeMax, ModelFault.Manifest, $"heads have more than {SizeMax} classes");
    }

    // A manifest may come from elsewhere: it names its neighbours, not any file of this machine.
    private static bool IsPlainName(string name) => name.Length > 0 && name.IndexOfAny(['/', '\\', ':']) < 0 && name is not "." and not "..";
}
