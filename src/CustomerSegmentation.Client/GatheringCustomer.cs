using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>A customer whose events go by <see cref="CustomerCalls"/>; everything else is asked directly.</summary>
internal sealed class GatheringCustomer(string customerId, ICustomerActor inner, CustomerCalls calls) : ICustomerActor
{
    public async Task<TrackReceipt> TrackAsync(TrackRequest request, CancellationToken cancellationToken = default) =>
        request.CustomerId == customerId
            ? (await calls.TrackAsync([request], cancellationToken))[0]
            : throw new ArgumentException($"The request is for customer {request.CustomerId}, not for {customerId}.", nameof(request));

    public Task<CustomerView?> GetAsync(CancellationToken cancellationToken = default) => inner.GetAsync(cancellationToken);

    public Task<CustomerHistory?> GetHistoryAsync(long? before = null, int limit = 50, CancellationToken cancellationToken = default) =>
        inner.GetHistoryAsync(before, limit, cancellationToken);

    public Task<SegmentExplanation?> ExplainAsync(CancellationToken cancellationToken = default) => inner.ExplainAsync(cancellationToken);

    public IAsyncEnumerable<CustomerExportPart> ExportAsync(CancellationToken cancellationToken = default) => inner.ExportAsync(cancellationToken);

    public Task<ErasureReceipt> EraseAsync(CancellationToken cancellationToken = default) => inner.EraseAsync(cancellationToken);
}
