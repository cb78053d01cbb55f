using System.Runtime.Serialization;
using System.Text.Json;

namespace CustomerSegmentation.Contracts.Models;

/// <summary>A sequence model that is loaded.</summary>
[DataContract]
public sealed class ModelView
{
    /// <summary>Name and version.</summary>
    [DataMember(Order = 0)] public required string Id { get; init; }

    /// <summary><c>active</c>, <c>shadow</c> or <c>loaded</c>.</summary>
    [DataMember(Order = 1)] public required string State { get; init; }

    /// <summary>Hash of the feature schema that it was trained on.</summary>
    [DataMember(Order = 2)] public required string SchemaHash { get; init; }

    /// <summary>Numbers in an embedding.</summary>
    [DataMember(Order = 3)] public int EmbeddingSize { get; init; }

    /// <summary>How good it was in its evaluation, as its training wrote it; null where the manifest does not say.</summary>
    [DataMember(Order = 4)] public JsonElement? Metrics { get; init; }
}
