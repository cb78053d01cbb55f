using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Audiences;

/// <summary>An audience: a rule over features, traits and segment, whose members enter and leave by events and by time.</summary>
[DataContract]
public sealed class AudienceView
{
    /// <summary>1 to 64 of a-z, 0-9, dash and underscore, beginning with a letter.</summary>
    [DataMember(Order = 0)] public required string Key { get; init; }

    [DataMember(Order = 1)] public required string Name { get; init; }

    /// <summary>The rule as JSON text; its grammar is in the API document.</summary>
    [DataMember(Order = 2)] public required string Rule { get; init; }

    /// <summary>Grows with each change of the rule.</summary>
    [DataMember(Order = 3)] public int Revision { get; init; }

    /// <summary>Members according to the profile index.</summary>
    [DataMember(Order = 4)] public long Size { get; init; }

    [DataMember(Order = 5)] public DateTimeOffset ChangedAt { get; init; }
}
