using CustomerSegmentation.Contracts.Audiences;
using CustomerSegmentation.Engine.Orleans.Shops;

namespace CustomerSegmentation.Engine.Orleans;

/// <summary>The shop's audiences, changed on any silo and in force on all.</summary>
internal sealed class ClusterAudiences(IShopGrain shop) : IAudienceDirectory
{
    public async Task<IReadOnlyList<AudienceView>> ListAsync(CancellationToken cancellationToken = default) => await shop.ListAudiencesAsync(cancellationToken);

    public Task<AudienceView> PutAsync(string key, string name, string rule, CancellationToken cancellationToken = default) =>
        shop.PutAudienceAsync(key, name, rule, cancellationToken);

    public Task<bool> DeleteAsync(string key, CancellationToken cancellationToken = default) => shop.DeleteAudienceAsync(key, cancellationToken);
}
