using CustomerSegmentation.Contracts.Tracking;
using Orleans.Concurrency;
using Orleans.Placement;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <inheritdoc cref="IEmptyGrain"/>
[Reentrant, RandomPlacement]
internal sealed class EmptyGrain : Grain, IEmptyGrain
{
    public Task<TrackReceipt> TrackAsync(TrackRequest request) =>
        Task.FromResult(new TrackReceipt { Outcome = TrackOutcome.Committed, Accepted = request.Events.Count });
}
