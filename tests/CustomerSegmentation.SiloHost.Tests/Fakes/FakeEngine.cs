using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.SiloHost.Tests.Fakes;

/// <summary>Keeps events and rejections in memory, knows duplicates by message id, and can be overloaded for a while.</summary>
internal sealed class FakeEngine : ISegmentationEngine
{
    private readonly Lock _gate = new();
    private readonly HashSet<(string Customer, string MessageId)> _known = [];

    public Dictionary<string, List<CustomerEvent>> Events { get; } = [];

    public List<RejectionView> Rejections { get; } = [];

    public HashSet<string> ErasedCustomers { get; } = [];

    /// <summary>This many requests to come are answered with overload.</summary>
    public int OverloadedRequests { get; set; }

    public ISegmentationCoordinator Coordinator => throw new NotSupportedException();

    public IAudienceDirectory Audiences => throw new NotSupportedException();

    public EngineHealth Health => new() { Ready = true };

    public List<CustomerEvent> Of(string customer, EventKind kind) => [.. Events.GetValueOrDefault(customer, []).Where(e => e.Kind == kind)];

    public Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default)
    {
        lock (_gate)
        {
            return Task.FromResult<IReadOnlyList<TrackReceipt>>([.. requests.Select(Take)]);
        }
    }

    public void Reject(IReadOnlyList<RejectionView> rejections)
    {
        lock (_gate)
        {
            Rejections.AddRange(rejections);
        }
    }

    public ICustomerActor Customer(string customerId) => throw new NotSupportedException();

    public ISegmentActor Segment(string key) => throw new NotSupportedException();

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public Task<Page<CustomerSummary>> ListCustomersAsync(
        string? segment, string? cursor, int limit, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task<Page<RejectionView>> ListRejectionsAsync(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<LiveEvent> SubscribeAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    private TrackReceipt Take(TrackRequest request)
    {
        if (OverloadedRequests > 0)
        {
            OverloadedRequests--;
            return new TrackReceipt { Outcome = TrackOutcome.Overloaded, Reason = "full" };
        }

        if (ErasedCustomers.Contains(request.CustomerId))
        {
            return new TrackReceipt { Outcome = TrackOutcome.Erased };
        }

        if (!Events.TryGetValue(request.CustomerId, out var events))
        {
            Events.Add(request.CustomerId, events = []);
        }

        var fresh = request.Events.Where(e => _known.Add((request.CustomerId, e.MessageId))).ToList();
        events.AddRange(fresh);
        return new TrackReceipt
        {
            Outcome = TrackOutcome.Committed, Accepted = fresh.Count, Duplicates = request.Events.Count - fresh.Count, Sequence = events.Count,
        };
    }
}
