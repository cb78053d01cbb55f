using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts.Events;

/// <summary>One trait of a person as an identify call gave it.</summary>
[DataContract]
public sealed class Trait
{
    /// <summary>Name, 1 to 100 characters. Nested objects are flattened with dots: <c>address.country</c>.</summary>
    [DataMember(Order = 0)] public required string Name { get; init; }

    /// <summary>
    /// The value as invariant text of at most 500 characters: numbers in round-trip form, <c>true</c> or <c>false</c>; null removes the trait.
    /// </summary>
    [DataMember(Order = 1)] public string? Value { get; init; }

    /// <summary>The value when it is a finite number or a boolean (1 or 0), else null.</summary>
    [DataMember(Order = 2)] public double? Number { get; init; }
}
