using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Api.Tests.Fakes;

/// <summary>An engine that keeps what it is given and answers what a test sets.</summary>
internal sealed class FakeEngine : ISegmentationEngine
{
    private readonly ConcurrentQueue<TrackRequest> _requests = new();
    private readonly Lock _lock = new();
    private readonly List<RejectionView> _rejections = [];
    private readonly List<Channel<LiveEvent>> _subscribers = [];

    public IReadOnlyList<TrackRequest> Requests => [.. _requests];

    public IReadOnlyList<CustomerEvent> Events => [.. _requests.SelectMany(request => request.Events)];

    public IReadOnlyList<RejectionView> Rejections
    {
        get
        {
            lock (_lock)
            {
                return [.. _rejections];
            }
        }
    }

    public ConcurrentDictionary<string, FakeCustomer> Customers { get; } = new();

    public FakeAudiences FakeAudiences { get; } = new();

    public FakeCoordinator FakeCoordinator { get; } = new();

    public SegmentsView Segments { get; set; } = new() { Version = 0, Segments = [] };

    public Func<TrackRequest, TrackOutcome> Outcome { get; set; } = _ => TrackOutcome.Committed;

    /// <summary>Tracking waits for this; to hold requests in flight.</summary>
    public Task Barrier { get; set; } = Task.CompletedTask;

    public EngineHealth Health { get; set; } = new() { Ready = true };

    public ISegmentationCoordinator Coordinator => FakeCoordinator;

    public IAudienceDirectory Audiences => FakeAudiences;

    public int Subscribers
    {
        get
        {
            lock (_lock)
            {
                return _subscribers.Count;
            }
        }
    }

    public ICustomerActor Customer(string customerId) => Customers.GetValueOrDefault(customerId) ?? new FakeCustomer(customerId, null);

    public ISegmentActor Segment(string key) => new FakeSegment(this, key);

    public async Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default)
    {
        await Barrier;
        return [.. requests.Select(Take)];
    }

    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken = default) => Task.FromResult(Segments);

    public DateTimeOffset? FlowsSince { get; private set; }

    public Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken = default)
    {
        FlowsSince = since;
        return Task.FromResult<IReadOnlyList<SegmentFlow>>([new SegmentFlow { From = "new", To = "loyal", Customers = 3 }]);
    }

    public Task<Page<CustomerSummary>> ListCustomersAsync(
        string? segment, string? cursor, int limit, CancellationToken cancellationToken = default)
    {
        var start = cursor is null ? 0 : int.Parse(cursor, System.Globalization.CultureInfo.InvariantCulture);
        var all = Customers.Keys.Order(StringComparer.Ordinal).Select(id => new CustomerSummary { Id = id, Segment = segment }).ToArray();
        var page = all.Skip(start).Take(limit).ToArray();
        return Task.FromResult(new Page<CustomerSummary> { Items = page, Next = start + limit < all.Length ? $"{start + limit}" : null });
    }

    public void Reject(IReadOnlyList<RejectionView> rejections)
    {
        lock (_lock)
        {
            _rejections.AddRange(rejections);
        }
    }

    public Task<Page<RejectionView>> ListRejectionsAsync(string? cursor, int limit, CancellationToken cancellationToken = default) =>
        cursor is null or "1"
            ? Task.FromResult(new Page<RejectionView> { Items = [.. Rejections.Reverse().Take(limit)] })
            : throw new FormatException("The cursor is not one of this list.");

    public async IAsyncEnumerable<LiveEvent> SubscribeAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var channel = System.Threading.Channels.Channel.CreateUnbounded<LiveEvent>();
        lock (_lock)
        {
            _subscribers.Add(channel);
        }

        try
        {
            await foreach (var item in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return item;
            }
        }
        finally
        {
            lock (_lock)
            {
                _subscribers.Remove(channel);
            }
        }
    }

    public void Publish(LiveEvent item)
    {
        lock (_lock)
        {
            _subscribers.ForEach(subscriber => subscriber.Writer.TryWrite(item));
        }
    }

    private TrackReceipt Take(TrackRequest request)
    {
        var outcome = Outcome(request);
        if (outcome == TrackOutcome.Committed)
        {
            _requests.Enqueue(request);
        }

        return new TrackReceipt { Outcome = outcome, Accepted = outcome == TrackOutcome.Committed ? request.Events.Count : 0 };
    }
}
