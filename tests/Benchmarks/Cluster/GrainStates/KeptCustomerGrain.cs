using Orleans.Placement;

namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <inheritdoc cref="IKeptCustomerGrain"/>
[RandomPlacement]
internal sealed class KeptCustomerGrain(
    [PersistentState("customer-state", KeptCustomerGrain.Storage)] IPersistentState<HeldState> state, StateSource source) : Grain, IKeptCustomerGrain
{
    public const string Storage = "customers";

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        source.CountActivation();
        return Task.CompletedTask;
    }

    public Task WriteAsync()
    {
        state.State.Customer = source.StateOf(this.GetPrimaryKeyString());
        return state.WriteStateAsync();
    }

    public Task<long> GetSequenceAsync() => Task.FromResult(state.State.Customer?.Sequence ?? 0);
}
