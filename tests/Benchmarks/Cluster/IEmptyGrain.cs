using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Benchmarks.Cluster;

/// <summary>Takes what a customer takes, and does nothing with it: what a call alone costs.</summary>
public interface IEmptyGrain : IGrainWithStringKey
{
    Task<TrackReceipt> TrackAsync(TrackRequest request);
}
