using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Engine.Embedded.Live;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>Erases a customer and every id whose history joined it.</summary>
internal sealed class CustomerEraser(
    CustomerTurns turns, ICustomerStore store, Func<ProfileChanges, Task> onChanges, LiveFeed feed, TimeProvider timeProvider)
{
    public async Task<ErasureReceipt> EraseAsync(string customerId, CancellationToken cancellationToken)
    {
        var ids = new Queue<string>([customerId]);
        var seen = new HashSet<string>([customerId], StringComparer.Ordinal);
        long events = 0;
        int states = 0, profiles = 0, rejections = 0;
        while (ids.TryDequeue(out var id))
        {
            var (erased, related) = await EraseOneAsync(id, cancellationToken);
            events += erased.Events;
            states += erased.States;
            profiles += erased.Profiles;
            rejections += erased.Rejections;
            foreach (var other in related.Where(seen.Add))
            {
                ids.Enqueue(other);
            }
        }
        return new ErasureReceipt
        {
            Id = customerId,
            ErasedAt = timeProvider.GetUtcNow(),
            Events = events,
            States = states,
            Profiles = profiles,
            Rejections = rejections,
        };
    }

    /// <summary>In one turn, so that no event slips in between; what was appended before is committed first, so that it is erased too.</summary>
    private async Task<(ErasedCustomer Erased, IReadOnlyList<string> Related)> EraseOneAsync(string id, CancellationToken cancellationToken)
    {
        var cell = await turns.EnterAsync(id, cancellationToken) ?? throw new EngineBusyException(id);
        try
        {
            var state = cell.Actor!.State;
            if (cell.Actor.LastAppend is { } last)
            {
                await last.Completion;
            }
            IReadOnlyList<string> related = [.. state.JoinedIds, .. state.PendingJoins, .. state.MergedInto is { } target ? new[] { target } : []];
            var segment = state.Assignment;
            var erased = await store.EraseAsync(id, CancellationToken.None);
            turns.Forget(cell);
            await onChanges(erased.Changes);
            if (segment is { } left && erased.Profiles > 0)
            {
                Publish(id, left.Segment, left.Version);
            }
            return (erased, related);
        }
        finally
        {
            turns.Exit(cell);
        }
    }

    private void Publish(string id, string from, int version)
    {
        var now = timeProvider.GetUtcNow();
        feed.Publish(new LiveEvent
        {
            Time = now,
            Transition = new SegmentTransition { CustomerId = id, From = from, To = null, Time = now, Version = version, Cause = "erasure" },
        });
    }
}
