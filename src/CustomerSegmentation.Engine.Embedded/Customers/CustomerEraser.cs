using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Contracts.Live;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Engine.Embedded.Live;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>
/// Erases a customer and every id whose history joined it. An id that joined another customer stands for that customer. An id that this customer named too,
/// but whose history went to somebody else – a shared device –, is left alone, and so is that other customer.
/// </summary>
internal sealed class CustomerEraser(
    CustomerTurns turns, ICustomerStore store, IJournal journal, Func<ProfileChanges, Task> onChanges, LiveFeed feed, TimeProvider timeProvider)
{
    /// <summary>How often a customer is recovered whose latest append did not commit.</summary>
    private const int AttemptsMax = 8;

    public async Task<ErasureReceipt> EraseAsync(string customerId, CancellationToken cancellationToken)
    {
        var own = new List<string>();
        for (var id = customerId; id is not null && !own.Contains(id);)
        {
            own.Add(id);
            id = (await ReadAsync(id, cancellationToken)).MergedInto;
        }
        own.Reverse();
        await AddJoinedAsync(own, cancellationToken);
        long events = 0;
        int states = 0, profiles = 0, rejections = 0;

        // The customer last, who knows of all the others: what a crash leaves, the next call finds.
        for (var i = own.Count - 1; i >= 0; i--)
        {
            var (erased, named) = await EraseOneAsync(own[i], cancellationToken);
            events += erased.Events;
            states += erased.States;
            profiles += erased.Profiles;
            rejections += erased.Rejections;
            foreach (var late in named.Where(id => !own.Contains(id)))
            {
                // Named, and perhaps joined, while the others were erased.
                if (await BelongsAsync(late, own, cancellationToken))
                {
                    own.Insert(i++, late);
                }
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

    /// <summary>Adds the ids that joined those of the list, and whoever joined them in turn.</summary>
    private async Task AddJoinedAsync(List<string> own, CancellationToken cancellationToken)
    {
        for (var i = 0; i < own.Count; i++)
        {
            foreach (var id in (await ReadAsync(own[i], cancellationToken)).Named)
            {
                if (!own.Contains(id) && await BelongsAsync(id, own, cancellationToken))
                {
                    own.Add(id);
                }
            }
        }
    }

    private async Task<bool> BelongsAsync(string id, List<string> own, CancellationToken cancellationToken) =>
        (await ReadAsync(id, cancellationToken)).MergedInto is not { } target || own.Contains(target);

    private async Task<Names> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var cell = await EnterSettledAsync(id, cancellationToken);
        try
        {
            return await ReadAsync(cell, cancellationToken);
        }
        finally
        {
            turns.Exit(cell);
        }
    }

    /// <summary>Within the customer's turn. The state keeps only the latest joined ids, the journal names them all.</summary>
    private async Task<Names> ReadAsync(CustomerCell cell, CancellationToken cancellationToken)
    {
        var state = cell.Actor!.State;
        var named = new HashSet<string>(state.PendingJoins.Concat(state.JoinedIds), StringComparer.Ordinal);
        if (!cell.Erased)
        {
            await CustomerTimeline.FindNamedIdsAsync(journal, cell.CustomerId, named, cancellationToken);
        }
        return new Names(state.MergedInto, named);
    }

    /// <summary>
    /// Enters with all that the state shows committed, so that it is erased too. A state with events that did not commit would name the wrong ids: it is
    /// thrown away and recovered.
    /// </summary>
    private async Task<CustomerCell> EnterSettledAsync(string id, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var cell = await turns.EnterAsync(id, cancellationToken) ?? throw new EngineBusyException(id);
            if (cell.Actor!.LastAppend is not { } last)
            {
                return cell;
            }
            await last.Completion;
            if (last.Outcome == JournalOutcome.Committed)
            {
                return cell;
            }
            turns.Forget(cell);
            turns.Exit(cell);
        }
        throw new EngineBusyException(id);
    }

    /// <summary>In one turn, so that no event slips in between.</summary>
    private async Task<(ErasedCustomer Erased, IReadOnlySet<string> Named)> EraseOneAsync(string id, CancellationToken cancellationToken)
    {
        var cell = await EnterSettledAsync(id, cancellationToken);
        try
        {
            var (_, named) = await ReadAsync(cell, cancellationToken);
            var segment = cell.Actor!.State.Assignment;
            var erased = await store.EraseAsync(id, CancellationToken.None);
            turns.Forget(cell);
            await onChanges(erased.Changes);
            if (segment is { } left && erased.Profiles > 0)
            {
                Publish(id, left.Segment, left.Version);
            }
            return (erased, named);
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

    private sealed record Names(string? MergedInto, IReadOnlySet<string> Named);
}
