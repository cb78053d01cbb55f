using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Audiences;

/// <summary>A customer entered or left an audience.</summary>
[DataContract]
public sealed class AudienceChange
{
    [DataMember(Order = 0)] public required string CustomerId { get; init; }
    [DataMember(Order = 1)] public required string Audience { get; init; }

    /// <summary>True when entered, false when left.</summary>
    [DataMember(Order = 2)] public bool Entered { get; init; }

    [DataMember(Order = 3)] public DateTimeOffset Time { get; init; }
}
