using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <inheritdoc cref="ICustomerPeers"/>
internal sealed class EmbeddedPeers(CustomerTurns turns, ICustomerStore store, Func<ProfileChanges, Task> onChanges) : ICustomerPeers
{
    /// <summary>How far a chain of joined customers is followed.</summary>
    private const int HopsMax = 64;

    public async Task<JoinOutcome> CloseAsync(string customerId, string targetId, CancellationToken cancellationToken)
    {
        if (customerId == targetId)
        {
            return JoinOutcome.Elsewhere;
        }

        // Both turns at once, always in the same order: nobody closes the target while this customer is closed in its favour.
        var inOrder = string.CompareOrdinal(customerId, targetId) < 0;
        var first = await EnterAsync(inOrder ? customerId : targetId, cancellationToken);
        CustomerCell? second = null;
        CustomerActor actor;
        JournalAppend? append;
        string mergedInto;
        try
        {
            second = await EnterAsync(inOrder ? targetId : customerId, cancellationToken);
            var (cell, target) = inOrder ? (first, second) : (second, first);
            actor = cell.Actor!;
            if (cell.Erased)
            {
                return JoinOutcome.Elsewhere;
            }
            if (target.Erased || target.Actor!.State.MergedInto is not null)
            {
                return JoinOutcome.Later;
            }
            if (actor.State.MergedInto is null)
            {
                var turn = actor.Close(targetId);
                if (turn.Append is null)
                {
                    throw new InvalidOperationException($"Customer {customerId} could not be closed: {turn.Outcome}.");
                }
            }
            (append, mergedInto) = (actor.LastAppend, actor.State.MergedInto!);
        }
        finally
        {
            if (second is not null)
            {
                turns.Exit(second);
            }
            turns.Exit(first);
        }
        if (!await turns.CommittedAsync(inOrder ? first : second, actor, append))
        {
            throw new InvalidOperationException($"Customer {customerId} could not be closed: the journal did not commit.");
        }
        return await LeadsToAsync(mergedInto, targetId, cancellationToken) ? JoinOutcome.Joined : JoinOutcome.Elsewhere;
    }

    public async Task RetireAsync(string customerId, CancellationToken cancellationToken)
    {
        var cell = await EnterAsync(customerId, cancellationToken);
        try
        {
            if (!cell.Erased && cell.Actor is { StorageKey: not 0 } actor)
            {
                await onChanges(await store.RetireAsync(customerId, actor.BuildCheckpoint(), cancellationToken));
            }
        }
        finally
        {
            turns.Exit(cell);
        }
    }

    /// <summary>Whether a closed customer's history goes to another one, directly or through customers who were closed themselves.</summary>
    private async Task<bool> LeadsToAsync(string customerId, string targetId, CancellationToken cancellationToken)
    {
        for (var hop = 0; hop < HopsMax && customerId != targetId; hop++)
        {
            var cell = await EnterAsync(customerId, cancellationToken);
            CustomerActor actor;
            string? next;
            JournalAppend? append;
            try
            {
                actor = cell.Actor!;
                next = cell.Erased ? null : actor.State.MergedInto;
                append = actor.LastAppend;
            }
            finally
            {
                turns.Exit(cell);
            }
            if (next is null)
            {
                return false;
            }
            if (!await turns.CommittedAsync(cell, actor, append))
            {
                throw new InvalidOperationException($"Where the history of customer {customerId} goes is not known: the journal did not commit.");
            }
            customerId = next;
        }
        return customerId == targetId;
    }

    private async ValueTask<CustomerCell> EnterAsync(string customerId, CancellationToken cancellationToken) =>
        await turns.EnterAsync(customerId, cancellationToken)
        ?? throw new InvalidOperationException($"There is no room in memory for customer {customerId} now.");
}
