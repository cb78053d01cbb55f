using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Contracts.Customers;

/// <summary>One customer: a virtual actor that exists as soon as it is called.</summary>
public interface ICustomerActor
{
    /// <summary>Takes events. Returns after their commit; refusals are outcomes, not exceptions.</summary>
    Task<TrackReceipt> TrackAsync(TrackRequest request, CancellationToken cancellationToken = default);

    /// <summary>The customer as of the last receipt, or null when there is none by this id.</summary>
    Task<CustomerView?> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>The latest events, newest first, and the segment history; null when there is none by this id.</summary>
    /// <param name="before">Only events with a sequence number below this; null starts at the newest.</param>
    /// <param name="limit">1 to 500.</param>
    Task<CustomerHistory?> GetHistoryAsync(long? before = null, int limit = 50, CancellationToken cancellationToken = default);

    /// <summary>Why the customer is in the segment; null when there is none by this id or no segment yet.</summary>
    Task<SegmentExplanation?> ExplainAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes everything held about the customer and about every id whose history joined it; called by such an id, it erases the customer whom that joined.
    /// Calling it again gives zero counts.
    /// </summary>
    Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default);
}
