using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <inheritdoc cref="ICustomerPeers"/>
internal sealed class EmbeddedPeers(CustomerTurns turns, ICustomerStore store, Func<ProfileChanges, Task> onChanges) : ICustomerPeers
{
    public async Task<long> CloseAsync(string customerId, string targetId, CancellationToken cancellationToken)
    {
        var cell = await EnterAsync(customerId, cancellationToken);
        CustomerActor actor;
        JournalAppend? append;
        long sequence;
        try
        {
            actor = cell.Actor!;
            var elsewhere = actor.State.MergedInto is { } merged && merged != targetId;
            if (cell.Erased || elsewhere)
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

    private async ValueTask<CustomerCell> EnterAsync(string customerId, CancellationToken cancellationToken) =>
        await turns.EnterAsync(customerId, cancellationToken)
        ?? throw new InvalidOperationException($"There is no room in memory for customer {customerId} now.");
}
