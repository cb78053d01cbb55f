using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Orleans.Customers;
using Orleans.Concurrency;

namespace CustomerSegmentation.Benchmarks.Cluster.Calls;

/// <inheritdoc cref="IIntakeGrain"/>
[StatelessWorker, Reentrant]
internal sealed class IntakeGrain(IGrainFactory grains) : Grain, IIntakeGrain
{
    public Task<TrackReceipt[]> TrackAsync(TrackRequest[] requests) =>
        Task.WhenAll(requests.Select(r => grains.GetGrain<ICustomerGrain>($"customer/{r.CustomerId}").TrackAsync(r)));
}
