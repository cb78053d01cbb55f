using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>An engine around another one, which answers everything but what is tracked.</summary>
internal abstract class WrappingEngine : ISegmentationEngine
{
    public ISegmentationCoordinator Coordinator => Inner.Coordinator;

    public IAudienceDirectory Audiences => Inner.Audiences;

    public EngineHealth Health => Inner.Health;

    /// <summary>The one that is wrapped.</summary>
    protected abstract ISegmentationEngine Inner { get; }

    public virtual ICustomerActor Customer(string customerId) => Inner.Customer(customerId);

    public ISegmentActor Segment(string key) => Inner.Segment(key);

    public abstract Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default);

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken = default) => Inner.GetSegmentsAsync(cancellationToken);

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        Inner.GetFlowsAsync(since, cancellationToken);

    public Task<Page<CustomerSummary>> ListCustomersAsync(string? segment, string? cursor, int limit, CancellationToken cancellationToken = default) =>
        Inner.ListCustomersAsync(segment, cursor, limit, cancellationToken);

    public void Reject(IReadOnlyList<RejectionView> rejections) => Inner.Reject(rejections);

    public Task<Page<RejectionView>> ListRejectionsAsync(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        Inner.ListRejectionsAsync(cursor, limit, cancellationToken);

    public IAsyncEnumerable<LiveEvent> SubscribeAsync(CancellationToken cancellationToken) => Inner.SubscribeAsync(cancellationToken);
}
