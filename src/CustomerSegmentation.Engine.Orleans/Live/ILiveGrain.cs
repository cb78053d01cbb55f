using CustomerSegmentation.Contracts.Live;

namespace CustomerSegmentation.Engine.Orleans.Live;

/// <summary>What happens on all silos; one in the cluster, under key 0.</summary>
internal interface ILiveGrain : IGrainWithIntegerKey
{
    /// <summary>Takes what happened on a silo since its last call, and its pulse.</summary>
    Task PublishAsync(string silo, LiveEvent[] items, LiveRates rates);

    /// <summary>What happens from now on. A reader that is too slow loses the oldest items.</summary>
    IAsyncEnumerable<LiveEvent> ReadAsync(CancellationToken cancellationToken);
}
