using System.Runtime.Serialization;

namespace CustomerSegmentation.Contracts;

/// <summary>A page of a list.</summary>
[DataContract]
public sealed class Page<T>
{
    [DataMember(Order = 0)] public required IReadOnlyList<T> Items { get; init; }

    /// <summary>Opaque cursor of the next page; null at the end.</summary>
    [DataMember(Order = 1)] public string? Next { get; init; }
}
