using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>The beginning of an export: who it is and what follows.</summary>
[DataContract]
public sealed class CustomerExportHead
{
    /// <summary>The id that was asked for.</summary>
    [DataMember(Order = 0)] public required string Id { get; init; }

    [DataMember(Order = 1)] public DateTimeOffset ExportedAt { get; init; }

    /// <summary>The id was erased: a salted hash of it is all that is held, and nothing follows.</summary>
    [DataMember(Order = 2)] public bool Erased { get; init; }

    /// <summary>The customer first, then the ids whose histories joined or wait to join. Their events follow in this order, as many as each says.</summary>
    [DataMember(Order = 3)] public IReadOnlyList<ExportedId> Ids { get; init; } = [];
}
