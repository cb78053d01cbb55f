using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>What an erasure removed. The receipt carries no personal data beyond the id that the caller gave.</summary>
[DataContract]
public sealed class ErasureReceipt
{
    [DataMember(Order = 0)] public required string Id { get; init; }
    [DataMember(Order = 1)] public DateTimeOffset ErasedAt { get; init; }
    [DataMember(Order = 2)] public long Events { get; init; }
    [DataMember(Order = 3)] public int States { get; init; }
    [DataMember(Order = 4)] public int Profiles { get; init; }
    [DataMember(Order = 5)] public int Rejections { get; init; }
}
