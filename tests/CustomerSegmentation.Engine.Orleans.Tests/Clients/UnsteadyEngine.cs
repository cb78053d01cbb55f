using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Engine.Orleans.Tests.Clients;

/// <summary>Commits nothing the first times it is called.</summary>
internal sealed class UnsteadyEngine(int failures) : ISegmentationEngine
{
    private readonly List<string> _calls = [];

    /// <summary>The message ids of each call.</summary>
    public IReadOnlyList<string> Calls => _calls;

    public ISegmentationCoordinator Coordinator => throw new NotSupportedException();

    public IAudienceDirectory Audiences => throw new NotSupportedException();

    public EngineHealth Health => throw new NotSupportedException();

    public ICustomerActor Customer(string customerId) => throw new NotSupportedException();

    public ISegmentActor Segment(string key) => throw new NotSupportedException();

    public async Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default)
    {
        _calls.Add(string.Join(' ', requests.SelectMany(r => r.Events).Select(e => e.MessageId)));
        var outcome = _calls.Count > failures ? TrackOutcome.Committed : TrackOutcome.Unavailable;
        await Task.Yield();
        return [.. requests.Select(_ => new TrackReceipt { Outcome = outcome })];
    }

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<Page<CustomerSummary>> ListCustomersAsync(string? segment, string? cursor, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public void Reject(IReadOnlyList<RejectionView> rejections) => throw new NotSupportedException();

    public Task<Page<RejectionView>> ListRejectionsAsync(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<LiveEvent> SubscribeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}
