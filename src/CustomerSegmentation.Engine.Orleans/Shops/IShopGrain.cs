using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segments;

namespace CustomerSegmentation.Engine.Orleans.Shops;

/// <summary>Questions across all customers, answered by whichever silo is nearest; under key 0.</summary>
public interface IShopGrain : IGrainWithIntegerKey
{
    Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken);

    Task<SegmentFlow[]> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken);

    Task<CustomerSummary[]> ListCustomersAsync(string? segment, string? after, int limit, CancellationToken cancellationToken);

    Task RejectAsync(RejectionView[] rejections);

    Task<RejectionView[]> ListRejectionsAsync(long before, int limit, CancellationToken cancellationToken);

    Task<AudienceView[]> ListAudiencesAsync(CancellationToken cancellationToken);

    Task<AudienceView> PutAudienceAsync(string key, string name, string rule, CancellationToken cancellationToken);

    Task<bool> DeleteAudienceAsync(string key, CancellationToken cancellationToken);

    Task<EngineHealth> GetHealthAsync();
}
