using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Segments;

/// <summary>A feature in which a segment differs from everybody.</summary>
[DataContract]
public sealed class DistinguishingFeature
{
    [DataMember(Order = 0)] public required string Feature { get; init; }

    /// <summary>Segment mean less overall mean, in overall standard deviations of the scaled feature.</summary>
    [DataMember(Order = 1)] public double Effect { get; init; }

    /// <summary>The segment's typical value (median), in the feature's unit.</summary>
    [DataMember(Order = 2)] public double Typical { get; init; }

    /// <summary>Everybody's typical value (median), in the feature's unit.</summary>
    [DataMember(Order = 3)] public double Overall { get; init; }

    [DataMember(Order = 4)] public string Unit { get; init; } = "";
}
