using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Benchmarks.Cluster.Calls;

/// <summary>Takes the calls of many customers in one, on the silo that a client is connected to, and makes each of them from there.</summary>
public interface IIntakeGrain : IGrainWithIntegerKey
{
    Task<TrackReceipt[]> TrackAsync(TrackRequest[] requests);
}
