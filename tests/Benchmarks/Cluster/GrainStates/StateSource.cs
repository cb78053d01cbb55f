using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Storage;

namespace CustomerSegmentation.Benchmarks.Cluster.GrainStates;

/// <summary>Where grains of this process take a customer's state from, and where they say that they were activated.</summary>
internal sealed class StateSource(IReadOnlyDictionary<string, CustomerState> states, IStorage storage)
{
    public const string Prefix = "customer/";

    private readonly CustomerLoader _loader = new(storage, static (_, e) => throw e);
    private int _activations;

    public void CountActivation() => Interlocked.Increment(ref _activations);

    /// <returns>Activations since the last call.</returns>
    public int TakeActivations() => Interlocked.Exchange(ref _activations, 0);

    public CustomerState StateOf(string key) => states[key[Prefix.Length..]];

    public async Task<CustomerState> LoadAsync(string key, CancellationToken cancellationToken) =>
        (await _loader.LoadAsync(key[Prefix.Length..], cancellationToken)).State;
}
