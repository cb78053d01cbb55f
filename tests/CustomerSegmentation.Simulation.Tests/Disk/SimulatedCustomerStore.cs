using System.Runtime.CompilerServices;
using CustomerSegmentation.Contracts.Segments;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Simulation.Tests.Disk;

internal sealed class SimulatedCustomerStore(SimulatedDisk disk, SimulatedLine line) : ICustomerStore
{
    /// <summary>Chance that a snapshot comes back damaged.</summary>
    private const double TornChance = 0.02;

    public bool IsAfterUncleanStop => disk.Storage.Customers.IsAfterUncleanStop;

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
        line.DoAsync("a checkpoint", async () =>
        {
            var written = disk.Fault == DeliberateFault.LosesAudiences ? [.. checkpoints.Select(WithoutAudiences)] : checkpoints;
            var changes = await disk.Storage.Customers.CheckpointAsync(written, cancellationToken);
            return disk.Fault == DeliberateFault.DeltasTwiceAsLarge ? Twice(changes) : changes;
        });

    public Task<ErasedCustomer> EraseAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken = default) =>
        line.DoAsync("an erasure", async () =>
        {
            if (disk.Fault != DeliberateFault.ErasesInParts)
            {
                return await disk.Storage.Customers.EraseAsync(customerIds, cancellationToken);
            }
            var changes = ProfileChanges.None;
            foreach (var id in customerIds)
            {
                changes = (await disk.Storage.Customers.EraseAsync([id], cancellationToken)).Changes;
                await line.WaitAsync();
                if (disk.Chance(disk.FaultRate))
                {
                    throw new SimulatedFaultException("an erasure failed in its middle");
                }
            }
            return new ErasedCustomer { Changes = changes };
        });

    public Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default) =>
        line.DoAsync("a retirement", () => disk.Storage.Customers.RetireAsync(customerId, last, cancellationToken));

    public async IAsyncEnumerable<string> FindStaleAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (disk.Chance(disk.FaultRate))
        {
            throw new SimulatedFaultException("the search for the stale failed");
        }
        await foreach (var id in disk.Storage.Customers.FindStaleAsync(cancellationToken))
        {
            await line.WaitAsync();
            if (disk.Fault != DeliberateFault.FindsNobodyStale)
            {
                yield return id;
            }
        }
    }

    private static CustomerCheckpoint WithoutAudiences(CustomerCheckpoint checkpoint) => new()
    {
        CustomerId = checkpoint.CustomerId,
        CustomerKey = checkpoint.CustomerKey,
        Sequence = checkpoint.Sequence,
        State = checkpoint.State,
        Profile = new ProfileRow
        {
            CustomerId = checkpoint.CustomerId,
            CustomerKey = checkpoint.CustomerKey,
            Vector = checkpoint.Profile.Vector,
            SchemaHash = checkpoint.Profile.SchemaHash,
            Embedding = checkpoint.Profile.Embedding,
            EmbeddingModel = checkpoint.Profile.EmbeddingModel,
            AsOfMs = checkpoint.Profile.AsOfMs,
            Assignment = checkpoint.Profile.Assignment,
            Monetary = checkpoint.Profile.Monetary,
            Orders = checkpoint.Profile.Orders,
            FirstSeenMs = checkpoint.Profile.FirstSeenMs,
            LastSeenMs = checkpoint.Profile.LastSeenMs,
            DueMs = checkpoint.Profile.DueMs,
            Audiences = [],
        },
    };

    /// <summary>Of revisions far ahead, so that no later read of the totals sets them right.</summary>
    private static ProfileChanges Twice(ProfileChanges changes) => new(
        changes.Revision,
        [.. changes.Deltas.Select(d => new SegmentDelta { Key = d.Key, Revision = d.Revision + 1_000_000, Customers = 2 * d.Customers, Monetary = d.Monetary })]);

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
