using CustomerSegmentation.Engine.Orleans.Customers;
using CustomerSegmentation.Engine.Orleans.Inference;
using Orleans.Metadata;

namespace CustomerSegmentation.Engine.Orleans.Silos;

/// <summary>Which silos do what: each says which classes of grains it has.</summary>
internal sealed class SiloRoster(IClusterManifestProvider manifests, IClusterMembershipService membership, GrainTypeResolver types)
{
    private readonly GrainType _customer = types.GetGrainType(typeof(CustomerGrain));
    private readonly GrainType _inference = types.GetGrainType(typeof(InferenceGrain));

    /// <summary>Silos that run models for others.</summary>
    public IReadOnlyList<SiloAddress> Inference => Having(_inference);

    /// <summary>Silos that have customers.</summary>
    public IReadOnlyList<SiloAddress> Customers => Having(_customer);

    private List<SiloAddress> Having(GrainType type)
    {
        var members = membership.CurrentSnapshot.Members;
        return
        [
            .. manifests.Current.Silos
                .Where(silo => silo.Value.Grains.ContainsKey(type) && members.TryGetValue(silo.Key, out var member) && member.Status == SiloStatus.Active)
                .Select(silo => silo.Key),
        ];
    }
}
