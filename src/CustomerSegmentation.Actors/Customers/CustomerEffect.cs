using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;

namespace CustomerSegmentation.Actors.Customers;

/// <summary>Something that leaves the actor once the events that caused it are committed; exactly one member is set.</summary>
public readonly record struct CustomerEffect(SegmentTransition? Transition, AudienceChange? Audience);
