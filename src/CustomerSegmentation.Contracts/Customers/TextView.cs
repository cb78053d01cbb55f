using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>What a text model makes of everything that the customer wrote: reviews, messages in support chats.</summary>
[DataContract]
public sealed class TextView
{
    /// <summary>Name and version of the model, that of the latest text that was read.</summary>
    [DataMember(Order = 0)] public required string Model { get; init; }

    /// <summary>Texts that this model read when they came.</summary>
    [DataMember(Order = 1)] public required long Texts { get; init; }

    /// <summary>The mean of their embeddings.</summary>
    [DataMember(Order = 2)] public required IReadOnlyList<float> Mean { get; init; }
}
