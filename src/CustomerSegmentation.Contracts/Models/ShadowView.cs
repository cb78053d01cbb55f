using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Models;

/// <summary>How a shadow's answers compare with those of the active model so far.</summary>
[DataContract]
public sealed class ShadowView
{
    /// <summary>Readings that both models made.</summary>
    [DataMember(Order = 0)] public long Compared { get; init; }

    /// <summary>Readings that the shadow did not make: it had not followed the customer from a start, was busy, or failed.</summary>
    [DataMember(Order = 1)] public long Skipped { get; init; }

    /// <summary>Mean absolute difference of a probability, over the classes that both have.</summary>
    [DataMember(Order = 2)] public double MeanDifference { get; init; }

    /// <summary>Largest absolute difference of a probability.</summary>
    [DataMember(Order = 3)] public double MaxDifference { get; init; }

    /// <summary>Share of answers in which both find the same class the most probable, 0 to 1; null before the first comparison.</summary>
    [DataMember(Order = 4)] public double? Agreement { get; init; }
}
