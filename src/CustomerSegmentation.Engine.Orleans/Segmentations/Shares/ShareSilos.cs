using System.Collections.Concurrent;
using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Engine.Orleans.Silos;
using Orleans.Runtime.Services;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>This silo and all that have customers, as workers on shares.</summary>
internal sealed class ShareSilos(IServiceProvider services, SiloCustomers silo, SiloRoster roster, ILocalSiloDetails details) : GrainServiceClient<IShareService>(services)
{
    private readonly ConcurrentDictionary<SiloAddress, RemoteShareWorker> _others = new();

    /// <summary>The same object for the same silo, and this one first.</summary>
    public IReadOnlyList<IShareWorker> Workers()
    {
        var addresses = roster.Customers.Where(address => !address.Equals(details.SiloAddress)).ToList();
        foreach (var gone in _others.Keys.Except(addresses))
        {
            _others.TryRemove(gone, out _);
        }
        return [silo.Shares, .. addresses.Select(address => _others.GetOrAdd(address, a => new RemoteShareWorker(GetGrainService(a))))];
    }
}
