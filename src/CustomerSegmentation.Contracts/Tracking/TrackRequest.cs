using System.Runtime.Serialization;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Contracts.Tracking;

/// <summary>Events of one customer, in the order in which they shall be applied.</summary>
[DataContract]
public sealed class TrackRequest
{
    /// <summary>User id, or the anonymous id of a visitor without one: 1 to 200 characters, no control characters.</summary>
    [DataMember(Order = 0)] public required string CustomerId { get; init; }

    [DataMember(Order = 1)] public required IReadOnlyList<CustomerEvent> Events { get; init; }
}
