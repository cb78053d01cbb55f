using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>One event of the journal as it is kept.</summary>
[DataContract]
public sealed class ExportedEvent
{
    /// <summary>The id under which it is kept.</summary>
    [DataMember(Order = 0)] public required string CustomerId { get; init; }

    /// <summary>Number of the event among those of the id, from 1.</summary>
    [DataMember(Order = 1)] public required long Sequence { get; init; }

    [DataMember(Order = 2)] public required CustomerEvent Event { get; init; }
}
