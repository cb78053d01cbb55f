using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>Which encoder embedded the customer, and how far it has read.</summary>
[DataContract]
public sealed class EncoderView
{
    [DataMember(Order = 0)] public required string Model { get; init; }
    [DataMember(Order = 1)] public long Sequence { get; init; }
    [DataMember(Order = 2)] public IReadOnlyDictionary<string, double> Probabilities { get; init; } = new Dictionary<string, double>();
}
