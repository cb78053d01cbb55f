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
    /// Everything held about the customer and every id whose history joined it, the same ids that <see cref="EraseAsync"/> removes: the head, then each id's
    /// events in the order of their numbers, then rejections, newest first. As of the head: what comes later is left out, and fewer events follow when the customer
    /// is erased meanwhile. Empty when nothing is held by this id.
    /// </summary>
    IAsyncEnumerable<CustomerExportPart> ExportAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Removes everything held about the customer and about every id whose history joined it, all at once; called by such an id, it erases the customer whom
    /// that joined. A call that fails has erased either all of it or nothing: call again. Calling it again after it was done gives zero counts.
    /// </summary>
    Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default);
}
