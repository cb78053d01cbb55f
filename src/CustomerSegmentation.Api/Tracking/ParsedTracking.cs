using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Api.Tracking;

/// <summary>The good events of a request, by customer, and what was wrong with the others.</summary>
/// <param name="Requests">One for each customer, in the order in which the customers first appear; events keep their order.</param>
/// <param name="Positions">Where in the batch each event stood: those of the first request, then those of the second, ….</param>
/// <param name="Rejected">Events that were refused, by position.</param>
/// <param name="Warnings">Events that were taken, but not all of them.</param>
internal sealed record ParsedTracking(
    TrackRequest[] Requests, int[] Positions, IReadOnlyList<ItemRejection> Rejected, IReadOnlyList<ItemRejection> Warnings);
