using CustomerSegmentation.Contracts;
using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Rejections;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Engine.Orleans.Silos;
using Orleans.Concurrency;

namespace CustomerSegmentation.Engine.Orleans.Shops;

/// <summary>Reads the profile index and the lists, on any silo.</summary>
[StatelessWorker, Reentrant]
internal sealed class ShopGrain(SiloCustomers silo, AllSilos silos, SiloHealth health) : Grain, IShopGrain
{
    public Task<SegmentsView> GetSegmentsAsync(CancellationToken cancellationToken) => silo.Board.GetAsync(cancellationToken);

    public async Task<SegmentFlow[]> GetFlowsAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        [.. await silo.Storage.Profiles.GetFlowsAsync(since.ToUnixTimeMilliseconds(), cancellationToken)];

    public async Task<CustomerSummary[]> ListCustomersAsync(string? segment, string? after, int limit, CancellationToken cancellationToken) =>
        [.. await silo.Storage.Profiles.ListAsync(segment, after, limit, cancellationToken)];

    public Task RejectAsync(RejectionView[] rejections)
    {
        silo.Meter.AddRejections(rejections.Length);
        silo.Storage.Rejections.Append(rejections);
        return Task.CompletedTask;
    }

    public async Task<RejectionView[]> ListRejectionsAsync(long before, int limit, CancellationToken cancellationToken) =>
        [.. await silo.Storage.Rejections.ListAsync(before, limit, cancellationToken)];

    public async Task<AudienceView[]> ListAudiencesAsync(CancellationToken cancellationToken) => [.. await silo.Audiences.ListAsync(cancellationToken)];

    public async Task<AudienceView> PutAudienceAsync(string key, string name, string rule, CancellationToken cancellationToken)
    {
        var audience = await silo.Audiences.PutAsync(key, name, rule, cancellationToken);
        await AnnounceAsync();
        return audience;
    }

    public async Task<bool> DeleteAudienceAsync(string key, CancellationToken cancellationToken)
    {
        var existed = await silo.Audiences.DeleteAsync(key, cancellationToken);
        await AnnounceAsync();
        return existed;
    }

    public Task<EngineHealth> GetHealthAsync() => Task.FromResult(health.Now);

    /// <summary>Everybody is asked once every silo knows the rules.</summary>
    private async Task AnnounceAsync()
    {
        await silos.RenewAsync();
        silo.Sweep.Request();
    }
}
