using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>A product category and how much of the customer's interest it holds.</summary>
[DataContract]
public sealed class CategoryInterest
{
    [DataMember(Order = 0)] public required string Category { get; init; }

    /// <summary>0 to 1.</summary>
    [DataMember(Order = 1)] public double Share { get; init; }
}
