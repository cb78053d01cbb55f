using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Contracts.Tracking;
using CustomerSegmentation.Engine.Orleans.Customers;
using CustomerSegmentation.Engine.Orleans.Live;
using CustomerSegmentation.Engine.Orleans.Segmentations;
using CustomerSegmentation.Engine.Orleans.Segments;
using CustomerSegmentation.Engine.Orleans.Shops;

namespace CustomerSegmentation.Engine.Orleans;

/// <summary>The cluster's front door: the same on a silo and on a client outside.</summary>
/// <param name="grains">Reaches the cluster.</param>
/// <param name="health">Whether events can be taken now, as far as this process knows.</param>
public sealed class ClusterEngine(IGrainFactory grains, Func<EngineHealth> health) : ISegmentationEngine
{
    public ISegmentationCoordinator Coordinator => grains.GetGrain<ISegmentationCoordinatorGrain>(0);

    public IAudienceDirectory Audiences => new ClusterAudiences(Shop);

    public EngineHealth Health => health();

    private IShopGrain Shop => grains.GetGrain<IShopGrain>(0);

    public ICustomerActor Customer(string customerId) =>
        new ClusterCustomer(customerId, grains.GetGrain<ICustomerGrain>(CustomerKey.Of(customerId)));

    public ISegmentActor Segment(string key) => grains.GetGrain<ISegmentGrain>(SegmentGrain.Prefix + key);

    /// <inheritdoc/>
    /// <remarks>One call a customer, all at once. A silo that does not answer is an outcome: whether the events are there is decided by sending them again.</remarks>
    public async Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default)
    {
        if (requests.Count == 1)
        {
            return [await Customer(requests[0].CustomerId).TrackAsync(requests[0], cancellationToken)];
        }
        var receipts = new TrackReceipt[requests.Count];
        var calls = Enumerable.Range(0, requests.Count)
            .GroupBy(i => requests[i].CustomerId, StringComparer.Ordinal)
            .Select(places => TrackAsync(places.Key, [.. places], requests, receipts, cancellationToken));
        await Task.WhenAll(calls.ToArray());
        return receipts;
    }

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken = default) => Shop.GetSegmentsAsync(cancellationToken);

    public async Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        await Shop.GetFlowsAsync(since, cancellationToken);

    public async Task<Page<CustomerSummary>> ListCustomersAsync(
        string? segment, string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        var items = await Shop.ListCustomersAsync(segment, Cursor.Read('c', cursor), limit, cancellationToken);
        return new Page<CustomerSummary> { Items = items, Next = items.Length < limit ? null : Cursor.After('c', items[^1].Id) };
    }

    public void Reject(IReadOnlyList<RejectionView> rejections) => Shop.RejectAsync([.. rejections]).Ignore();

    public async Task<Page<RejectionView>> ListRejectionsAsync(string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        var items = await Shop.ListRejectionsAsync(Cursor.ReadNumber('r', cursor) ?? long.MaxValue, limit, cancellationToken);
        return new Page<RejectionView> { Items = items, Next = items.Length < limit ? null : Cursor.After('r', $"{items[^1].Id}") };
    }

    public IAsyncEnumerable<LiveEvent> SubscribeAsync(CancellationToken cancellationToken) => new ClusterFeed(grains).ReadAsync(cancellationToken);

    private async Task TrackAsync(
        string customerId, int[] places, IReadOnlyList<TrackRequest> requests, TrackReceipt[] receipts, CancellationToken cancellationToken)
    {
        try
        {
            var own = await grains.GetGrain<ICustomerPeerGrain>(CustomerKey.Of(customerId)).TrackAllAsync(
                Array.ConvertAll(places, i => requests[i]), joining: false, cancellationToken);
            for (var i = 0; i < places.Length; i++)
            {
                receipts[places[i]] = own[i];
            }
        }
        catch (Exception e) when (ClusterCustomer.IsOfTheCluster(e))
        {
            foreach (var place in places)
            {
                receipts[place] = ClusterCustomer.Unanswered(e);
            }
        }
    }
}
