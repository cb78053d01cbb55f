using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Contracts;

/// <summary>The front door of an engine: where the actors are, and what is asked across all of them.</summary>
public interface ISegmentationEngine
{
    ICustomerActor Customer(string customerId);

    ISegmentActor Segment(string key);

    ISegmentationCoordinator Coordinator { get; }

    IAudienceDirectory Audiences { get; }

    /// <summary>
    /// Takes the events of many customers; each request has its own receipt, in the order of <paramref name="requests"/>. Returns when all of them are
    /// committed or refused. A customer may appear more than once.
    /// </summary>
    Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default);

    Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken = default);

    /// <summary>How many customers moved between segments since a time, by events and time alone (not by re-clusterings).</summary>
    Task<IReadOnlyList<SegmentFlow>> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>Customers ordered by id, of one segment or (null) of all.</summary>
    /// <param name="cursor">Opaque; null starts at the beginning.</param>
    /// <param name="limit">1 to 500.</param>
    /// <exception cref="FormatException">The cursor is not one that this method gave.</exception>
    Task<Page<CustomerSummary>> ListCustomersAsync(string? segment, string? cursor, int limit, CancellationToken cancellationToken = default);

    /// <summary>Keeps rejections; bounded, the oldest leave first.</summary>
    void Reject(IReadOnlyList<RejectionView> rejections);

    /// <summary>Rejections, newest first.</summary>
    /// <exception cref="FormatException">The cursor is not one that this method gave.</exception>
    Task<Page<RejectionView>> ListRejectionsAsync(string? cursor, int limit, CancellationToken cancellationToken = default);

    /// <summary>What happens from now on. A reader that is too slow loses the oldest items, never holds up the system.</summary>
    IAsyncEnumerable<LiveEvent> SubscribeAsync(CancellationToken cancellationToken);

    /// <summary>Whether events can be taken now; the reason for people when not.</summary>
    EngineHealth Health { get; }
}
