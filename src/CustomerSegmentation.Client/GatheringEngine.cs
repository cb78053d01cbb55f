using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Tracking;

namespace CustomerSegmentation.Client;

/// <summary>Has one call of each customer's under way at a time, however many callers there are; see <see cref="CustomerCalls"/>.</summary>
internal sealed class GatheringEngine(ISegmentationEngine inner, ClientOptions options) : WrappingEngine
{
    private readonly CustomerCalls _calls = new((requests, cancellationToken) => inner.TrackAsync(requests, cancellationToken), options);

    protected override ISegmentationEngine Inner => inner;

    public override ICustomerActor Customer(string customerId) => new GatheringCustomer(customerId, inner.Customer(customerId), _calls);

    public override async Task<IReadOnlyList<TrackReceipt>> TrackAsync(IReadOnlyList<TrackRequest> requests, CancellationToken cancellationToken = default)
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
}
