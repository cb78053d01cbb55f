using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <inheritdoc cref="ICustomerPeers"/>
internal sealed class EmbeddedPeers(CustomerTurns turns, ICustomerStore store, Func<ProfileChanges, Task> onChanges) : ICustomerPeers
{
    /// <summary>How far joined customers are followed.</summary>
    private const int HopsMax = 8;

    public async Task<long> CloseAsync(string customerId, string targetId, CancellationToken cancellationToken)
    {
        var cell = await EnterAsync(customerId, cancellationToken);
        CustomerActor actor;
        JournalAppend? append;
        long sequence;
        try
        {
            actor = cell.Actor!;
            if (cell.Erased)
            {
                return 0;
            }
            if (actor.State.MergedInto is null)
            {
                var turn = actor.Close(targetId);
                if (turn.Append is null)
                {
                    throw new InvalidOperationException($"Customer {customerId} could not be closed: {turn.Outcome}.");
                }
            }
            (append, sequence) = (actor.LastAppend, actor.State.Sequence);
        }
        finally
        {
            turns.Exit(cell);
        }
        if (actor.State.MergedInto is { } elsewhere && elsewhere != targetId && !await LeadsToAsync(elsewhere, targetId, cancellationToken))
        {
            return 0;
        }
        return await turns.CommittedAsync(cell, actor, append)
            ? sequence
            : throw new InvalidOperationException($"Customer {customerId} could not be closed: the journal did not commit.");
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

    /// <summary>
    /// Whether a customer's history moved on to the target. Then an id that joined this customer belongs to the target too, who sees to it that the join
    /// is complete: this customer, being closed, no longer does.
    /// </summary>
    private async Task<bool> LeadsToAsync(string customerId, string targetId, CancellationToken cancellationToken)
    {
        for (var hop = 0; hop < HopsMax && customerId != targetId; hop++)
        {
            var cell = await EnterAsync(customerId, cancellationToken);
            try
            {
                if (cell.Actor!.State.MergedInto is not { } next)
                {
                    return false;
                }
                customerId = next;
            }
            finally
            {
                turns.Exit(cell);
            }
        }
        return customerId == targetId;
    }

    private async ValueTask<CustomerCell> EnterAsync(string customerId, CancellationToken cancellationToken) =>
        await turns.EnterAsync(customerId, cancellationToken)
        ?? throw new InvalidOperationException($"There is no room in memory for customer {customerId} now.");
}
