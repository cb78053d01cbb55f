using CustomerSegmentation.Domain.State;
using Orleans.Placement;

namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <inheritdoc cref="ILoadedCustomerGrain"/>
[RandomPlacement]
internal sealed class LoadedCustomerGrain(StateSource source) : Grain, ILoadedCustomerGrain
{
    private CustomerState? _customer;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        source.CountActivation();
        _customer = await source.LoadAsync(this.GetPrimaryKeyString(), cancellationToken);
    }

    public Task<long> GetSequenceAsync() => Task.FromResult(_customer?.Sequence ?? 0);
}
