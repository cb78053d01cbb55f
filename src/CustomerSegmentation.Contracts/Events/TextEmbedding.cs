using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Events;

/// <summary>A text as a text model sees it. It is kept with its event, so that a replay needs no model.</summary>
[DataContract]
public sealed class TextEmbedding
{
    /// <summary>Name and version of the model: embeddings of different models mean nothing to each other.</summary>
    [DataMember(Order = 0)] public required string Model { get; init; }

    /// <summary>The numbers in IEEE half precision, all of them finite, 2 bytes each, little-endian.</summary>
    [DataMember(Order = 1)] public required ReadOnlyMemory<byte> Numbers { get; init; }
}
