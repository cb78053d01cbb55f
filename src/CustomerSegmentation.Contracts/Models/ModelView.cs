using System.Runtime.Serialization;
using System.Text.Json;

namespace CustomerSegmentation.Contracts.Models;

/// <summary>A sequence model.</summary>
[DataContract]
public sealed class ModelView
{
    /// <summary>Name and version, as customers' states are marked; the version alone where the manifest cannot be read.</summary>
    [DataMember(Order = 0)] public required string Id { get; init; }

    /// <summary>Names the model in paths and commands.</summary>
    [DataMember(Order = 1)] public required string Version { get; init; }

    /// <summary>
    /// <c>active</c>; <c>shadow</c>; <c>loaded</c>, so that it can be activated at once; <c>stored</c>; or <c>refused</c>, for <see cref="Reason"/>.
    /// </summary>
    [DataMember(Order = 2)] public required string State { get; init; }

    /// <summary>Why it cannot be used: the file and the difference; null while it can.</summary>
    [DataMember(Order = 3)] public string? Reason { get; init; }

    /// <summary>Whether it is the model that is used when the service starts and it fits.</summary>
    [DataMember(Order = 4)] public bool Chosen { get; init; }

    /// <summary>Whether it ships with the program.</summary>
    [DataMember(Order = 5)] public bool Shipped { get; init; }

    /// <summary>When it was added; null for the shipped one.</summary>
    [DataMember(Order = 6)] public DateTimeOffset? Added { get; init; }

    /// <summary>Hash of the feature schema that it was trained on; empty where the manifest cannot be read.</summary>
    [DataMember(Order = 7)] public string SchemaHash { get; init; } = "";

    /// <summary>Numbers in an embedding.</summary>
    [DataMember(Order = 8)] public int EmbeddingSize { get; init; }

    /// <summary>How good it was in its evaluation, as its training wrote it; null where the manifest does not say.</summary>
    [DataMember(Order = 9)] public JsonElement? Metrics { get; init; }

    /// <summary>How it compares with the active model; null unless it is a shadow.</summary>
    [DataMember(Order = 10)] public ShadowView? Shadow { get; init; }
}
