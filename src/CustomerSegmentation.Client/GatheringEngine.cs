using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>Has one call of each customer's under way at a time, however many callers there are; see <see cref="CustomerCalls"/>.</summary>
internal sealed class GatheringEngine(ISegmentationEngine inner, ClientOptions options) : ISegmentationEngine
{
    private readonly CustomerCalls _calls = new((requests, cancellationToken) => inner.TrackAsync(requests, cancellationToken), options);

    public ISegmentationCoordinator Coordinator => inner.Coordinator;

    public IAudienceDirectory Audiences => inner.Audiences;

    public EngineHealth Health => inner.Health;

    public ICustomerActor Customer(string customerId) => new GatheringCustomer(customerId, inner.Customer(customerId), _calls);

    public ISegmentActor Segment(string key) => inner.Segment(key);

    public async Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default)
    {
        if (requests.Count == 1)
        {
            return await _calls.TrackAsync([requests[0]], cancellationToken);
        }
        var receipts = new TrackReceipt[requests.Count];
        await Task.WhenAll(Enumerable.Range(0, requests.Count)
            .GroupBy(i => requests[i].CustomerId, StringComparer.Ordinal)
            .Select(async places =>
            {
                var own = await _calls.TrackAsync([.. places.Select(i => requests[i])], cancellationToken);
                foreach (var (place, receipt) in places.Zip(own))
                {
                    receipts[place] = receipt;
                }
            }));
        return receipts;
    }

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken = default) => inner.GetSegmentsAsync(cancellationToken);

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        inner.GetFlowsAsync(since, cancellationToken);

    public Task<Page<CustomerSummary>> ListCustomersAsync(string? segment, string? cursor, int limit, CancellationToken cancellationToken = default) =>
        inner.ListCustomersAsync(segment, cursor, limit, cancellationToken);

    public void Reject(IReadOnlyList<RejectionView> rejections) => inner.Reject(rejections);

    public Task<Page<RejectionView>> ListRejectionsAsync(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        inner.ListRejectionsAsync(cursor, limit, cancellationToken);

    public IAsyncEnumerable<LiveEvent> SubscribeAsync(CancellationToken cancellationToken) => inner.SubscribeAsync(cancellationToken);
}
