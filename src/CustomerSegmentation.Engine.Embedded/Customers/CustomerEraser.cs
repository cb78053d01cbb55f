using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Engine.Embedded.Live;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>Erases a customer and every id whose history joined it.</summary>
internal sealed class CustomerEraser(
    CustomerTurns turns, ICustomerStore store, Func<ProfileChanges, Task> onChanges, LiveFeed feed, TimeProvider timeProvider)
{
    public async Task<ErasureReceipt> EraseAsync(string customerId, CancellationToken cancellationToken)
    {
        // Depth first, whoever joined before whom they joined: after a crash those that are left can still be found from the id that was given.
        var ids = new Stack<(string Id, string? JoinedTo)>([(customerId, null)]);
        var seen = new HashSet<(string Id, string? JoinedTo)>([(customerId, null)]);
        long events = 0;
        int states = 0, profiles = 0, rejections = 0;
        while (ids.TryPeek(out var next))
        {
            var isLast = ids.Count(other => other.Id == next.Id) == 1;
            var (erased, before) = await EraseOneAsync(next.Id, next.JoinedTo, isLast, seen, cancellationToken);
            before.ForEach(ids.Push);
            if (before.Count == 0)
            {
                ids.Pop();
                events += erased?.Events ?? 0;
                states += erased?.States ?? 0;
                profiles += erased?.Profiles ?? 0;
                rejections += erased?.Rejections ?? 0;
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
    /// <returns>What was erased (null when the history went to somebody else, or its turn comes later), or who has to be erased before.</returns>
    private async Task<(ErasedCustomer? Erased, List<(string Id, string? JoinedTo)> Before)> EraseOneAsync(
        string id, string? joinedTo, bool isLast, HashSet<(string Id, string? JoinedTo)> seen, CancellationToken cancellationToken)
    {
        while (true)
        {
            var cell = await turns.EnterAsync(id, cancellationToken) ?? throw new EngineBusyException(id);
            try
            {
                var state = cell.Actor!.State;
                if (cell.Actor.LastAppend is { } last)
                {
                    await last.Completion;
                    if (last.Outcome != JournalOutcome.Committed)
                    {
                        // What it names may never have happened.
                        turns.Forget(cell);
                        continue;
                    }
                }
                if (joinedTo is not null && state.MergedInto is { } other && other != joinedTo)
                {
                    return (null, []);
                }
                List<(string, string?)> before = [.. state.JoinedIds.Concat(state.PendingJoins).Select(joined => (joined, (string?)id)).Where(seen.Add)];
                if (state.MergedInto is { } target && seen.Add((target, null)))
                {
                    before.Add((target, null));
                }
                if (before.Count > 0 || !isLast)
                {
                    return (null, before);
                }
                var segment = state.Assignment;
                var erased = await store.EraseAsync(id, CancellationToken.None);
                turns.Forget(cell);
                await onChanges(erased.Changes);
                if (segment is { } left && erased.Profiles > 0)
                {
                    Publish(id, left.Segment, left.Version);
                }
                return (erased, []);
            }
            finally
            {
                turns.Exit(cell);
            }
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
