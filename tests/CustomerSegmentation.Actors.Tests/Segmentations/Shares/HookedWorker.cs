using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning.Clustering;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Tests.Segmentations.Shares;

/// <summary>A worker elsewhere: each share is done by a call that completes later, and what happens before is up to the test.</summary>
internal sealed class HookedWorker(IShareWorker inner) : IShareWorker
{
    private int _calls;

    public int Calls => _calls;

    /// <summary>Told of each call's number, from 1, and what is asked for; throws when the worker is lost.</summary>
    public Action<int, string> Before { get; set; } = static (_, _) => { };

    public Task<SampledShare> SampleAsync(SampleOrder order, KeyRange share, CancellationToken cancellationToken) =>
        DoAsync("sample", () => inner.SampleAsync(order, share, cancellationToken));

    public Task<ClusterSums> SumAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken) =>
        DoAsync("sum", () => inner.SumAsync(draft, share, cancellationToken));

    public Task<PlacedShare> PlaceAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken) =>
        DoAsync("place", () => inner.PlaceAsync(draft, share, cancellationToken));

    public Task<AssignedShare> AssignAsync(
        Segmentation segmentation, long activation, long referenceTimeMs, KeyRange share, CancellationToken cancellationToken) =>
        DoAsync("assign", () => inner.AssignAsync(segmentation, activation, referenceTimeMs, share, cancellationToken));

    public Task ForgetAsync(int version) => inner.ForgetAsync(version);

    private async Task<T> DoAsync<T>(string what, Func<Task<T>> work)
    {
        var call = Interlocked.Increment(ref _calls);
        await Task.Yield();
        Before(call, what);
        return await work();
    }
}
