using System.Runtime.CompilerServices;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.InMemory;

internal sealed class InMemoryCustomerStore(InMemoryData data, bool afterUncleanStop) : ICustomerStore
{
    public bool IsAfterUncleanStop => afterUncleanStop;

    public ValueTask<StoredCustomer?> LoadAsync(string customerId, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled<StoredCustomer?>(cancellationToken);
        }

        lock (data.Gate)
        {
            if (data.Erased.Contains(customerId))
            {
                return ValueTask.FromResult<StoredCustomer?>(new StoredCustomer { Key = 0, Erased = true });
            }

            return ValueTask.FromResult(data.ById.TryGetValue(customerId, out var customer)
                ? new StoredCustomer
                {
                    Key = customer.Key,
                    Sequence = customer.Sequence,
                    State = customer.State ?? default,
                    JournalSequence = customer.JournalSequence,
                    Assignment = customer.Row?.Assignment,
                }
                : null);
        }
    }

    public Task<ProfileChanges> CheckpointAsync(IReadOnlyList<CustomerCheckpoint> checkpoints, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<ProfileChanges>(cancellationToken);
        }

        lock (data.Gate)
        {
            var moved = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
            foreach (var checkpoint in checkpoints)
            {
                if (data.ById.TryGetValue(checkpoint.CustomerId, out var customer)
                    && checkpoint.Sequence >= customer.Sequence
                    && checkpoint.Sequence > customer.RetiredSequence)
                {
                    Write(customer, checkpoint, moved);
                }
            }

            return Task.FromResult(data.Book(moved));
        }
    }

    public Task<ErasedCustomer> EraseAsync(IReadOnlyList<string> customerIds, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<ErasedCustomer>(cancellationToken);
        }

        lock (data.Gate)
        {
            data.Erased.UnionWith(customerIds);
            var rejections = data.Rejections.ToArray();
            data.Rejections.Clear();
            foreach (var kept in rejections.Where(r => r.CustomerId is null || !customerIds.Contains(r.CustomerId)))
            {
                data.Rejections.Enqueue(kept);
            }

            var moved = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
            long events = 0;
            var (states, profiles) = (0, 0);
            foreach (var id in customerIds)
            {
                if (data.ById.Remove(id, out var customer))
                {
                    data.ByKey.Remove(customer.Key);
                    events += customer.Records.Sum(r => (long)r.Count);
                    states += customer.State is null ? 0 : 1;
                    profiles += customer.Row is null ? 0 : 1;
                    data.ReplaceRow(customer, null, moved);
                }
            }

            return Task.FromResult(new ErasedCustomer
            {
                Events = events,
                States = states,
                Profiles = profiles,
                Rejections = rejections.Length - data.Rejections.Count,
                Changes = data.Book(moved),
            });
        }
    }

    public Task<ProfileChanges> RetireAsync(string customerId, CustomerCheckpoint last, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<ProfileChanges>(cancellationToken);
        }

        lock (data.Gate)
        {
            if (!data.ById.TryGetValue(customerId, out var customer) || customer.Sequence > last.Sequence)
            {
                return Task.FromResult(ProfileChanges.None);
            }

            var moved = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
            if (customer.Row?.Assignment is { } left)
            {
                data.CountFlow(left.Segment, null, last.Profile.AsOfMs);
            }

            customer.RetiredSequence = Math.Max(customer.RetiredSequence, last.Sequence);
            customer.Sequence = 0;
            customer.State = null;
            data.ReplaceRow(customer, null, moved);
            return Task.FromResult(data.Book(moved));
        }
    }

    public async IAsyncEnumerable<string> FindStaleAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        string[] stale = [];
        if (afterUncleanStop)
        {
            lock (data.Gate)
            {
                stale = [.. data.ByKey.Values
                    .Where(c => c.JournalSequence > Math.Max(c.Sequence, c.RetiredSequence))
                    .Select(c => c.Id)];
            }
        }

        foreach (var id in stale)
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return id;
        }

        await Task.CompletedTask;
    }

    private void Write(InMemoryCustomer customer, CustomerCheckpoint checkpoint, Dictionary<string, (long, long)> moved)
    {
        var before = customer.Row;
        var after = checkpoint.Profile;
        var keepsLater = before?.Assignment is { } stored && (after.Assignment?.Activation ?? 0) < stored.Activation;
        var assignment = keepsLater ? before!.Assignment : after.Assignment;
        if (assignment is not null && (before is null
            || (before.Assignment is { } old && old.Activation == assignment.Activation && old.Segment != assignment.Segment)))
        {
            data.CountFlow(before?.Assignment?.Segment, assignment.Segment, assignment.SinceMs);
        }

        customer.Sequence = checkpoint.Sequence;
        customer.State = checkpoint.State.ToArray();
        data.ReplaceRow(customer, InMemoryProfileIndex.Copy(customer, after, assignment), moved);
    }
}
