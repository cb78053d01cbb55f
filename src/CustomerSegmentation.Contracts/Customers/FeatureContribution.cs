using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>How one feature pulls a customer towards the segment rather than the runner-up.</summary>
[DataContract]
public sealed class FeatureContribution
{
    /// <summary>Name of the feature; <c>embedding</c> for all that the customer's sequence of events says, which has no value of its own.</summary>
    [DataMember(Order = 0)] public required string Feature { get; init; }

    /// <summary>The customer's value, in the feature's unit.</summary>
    [DataMember(Order = 1)] public double Value { get; init; }

    /// <summary>The typical value over all customers, in the feature's unit.</summary>
    [DataMember(Order = 2)] public double Typical { get; init; }

    /// <summary>
    /// -1 to 1: the feature's part of the difference between the squared distances to runner-up and segment, over the sum of the absolute parts of all
    /// features; positive speaks for the segment.
    /// </summary>
    [DataMember(Order = 3)] public double Weight { get; init; }
}
