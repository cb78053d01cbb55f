using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Simulation.Tests.Disk;

internal sealed class SimulatedCustomerStore(SimulatedDisk disk, SimulatedLine line) : ICustomerStore
{
    /// <summary>Chance that a snapshot comes back damaged.</summary>
    private const double TornChance = 0.02;

    public async ValueTask<StoredCustomer?> LoadAsync(string customerId, CancellationToken cancellationToken = default)
    {
        var stored = await line.DoAsync("a load", () => disk.Storage.Customers.LoadAsync(customerId, cancellationToken).AsTask());
        if (stored is { Erased: true } && disk.Fault == DeliberateFault.ForgetsTombstones)
        {
            return null;
        }
        return stored is { State.IsEmpty: false } && disk.Chance(TornChance) ? Torn(stored) : stored;
    }

    public Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, CancellationToken cancellationToken = default) =>
        line.DoAsync("a checkpoint", () => disk.Storage.Customers.CheckpointAsync(checkpoints, cancellationToken));

    public Task<ErasedCustomer> EraseAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken = default) =>
        line.DoAsync("an erasure", () => disk.Storage.Customers.EraseAsync(customerIds, cancellationToken));

    public Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default) =>
        line.DoAsync("a retirement", () => disk.Storage.Customers.RetireAsync(customerId, last, cancellationToken));

    public async IAsyncEnumerable<string> FindStaleAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var id in disk.Storage.Customers.FindStaleAsync(cancellationToken))
        {
            await line.WaitAsync();
            if (disk.Fault != DeliberateFault.FindsNobodyStale)
            {
                yield return id;
            }
        }
    }

    private StoredCustomer Torn(StoredCustomer stored)
    {
        var bytes = stored.State.ToArray();
        bytes = disk.Chance(0.5) ? bytes[..disk.Random.Next(1, bytes.Length)] : bytes;
        bytes[disk.Random.Next(bytes.Length)] ^= (byte)(1 << disk.Random.Next(8));
        return new StoredCustomer
        {
            Key = stored.Key,
            Sequence = stored.Sequence,
            State = bytes,
            JournalSequence = stored.JournalSequence,
            Assignment = stored.Assignment,
        };
    }
}
