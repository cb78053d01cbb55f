using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Engine.Telemetry;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Engine.Activations;

/// <summary>Runs turns of customers: finds or loads the activation, keeps turns apart, and sees to what a turn leaves behind.</summary>
internal sealed class CustomerTurns(
    ActivationDirectory directory,
    CustomerLoader loader,
    CustomerActorServices services,
    EffectPublisher effects,
    int waitingTurnsMax,
    Action<CustomerCell> onChanged,
    Action<CustomerCell> onUnread,
    Action<string> onDiscarded)
{
    /// <summary>
    /// Enters the customer's cell with its actor loaded; leave by <see cref="Exit"/>. On the common path everything completes on the caller's thread.
    /// </summary>
    /// <returns>The cell, or null when there is no room for another customer or too many turns wait already.</returns>
    public ValueTask<CustomerCell?> EnterAsync(string customerId, CancellationToken cancellationToken) =>
        EnterAsync(customerId, beyondLimits: false, cancellationToken);

    /// <summary>Enters however full the memory is and however many turns wait: for what must not be refused and ends soon.</summary>
    /// <exception cref="EngineBusyException">The customer belongs to another process.</exception>
    public async ValueTask<CustomerCell> EnterBeyondLimitsAsync(string customerId, CancellationToken cancellationToken) =>
        await EnterAsync(customerId, beyondLimits: true, cancellationToken) ?? throw new EngineBusyException(customerId);

    /// <summary>Loads the customer, so that whatever it has left to do is queued; false when there is no room for it.</summary>
    public async ValueTask<bool> WakeAsync(string customerId, CancellationToken cancellationToken)
    {
        if (await EnterAsync(customerId, cancellationToken) is not { } cell)
        {
            return false;
        }
        Exit(cell);
        return true;
    }

    private async ValueTask<CustomerCell?> EnterAsync(string customerId, bool beyondLimits, CancellationToken cancellationToken)
    {
        while (true)
        {
            var cell = directory.GetOrAdd(customerId, beyondLimits);
            if (cell is null || (!cell.TryEnter() && !await cell.EnterAsync(beyondLimits ? int.MaxValue : waitingTurnsMax)))
            {
                return null;
            }
            if (cell.Removed)
            {
                cell.Exit();
                continue;
            }
            if (cell.Actor is not null || cell.Erased)
            {
                return cell;
            }
            try
            {
                using var activity = EngineActivities.StartLoad();
                var loaded = await loader.LoadAsync(cell.CustomerId, cancellationToken);
                cell.Erased = loaded.Erased;
                cell.Actor = new CustomerActor(services, loaded.State, loaded.StorageKey);
                services.Clock.Observe(loaded.State.Features.LastSeenMs);
                if (loaded.Replayed && cell.Actor.Refresh("event"))
                {
                    effects.Publish(cell.Actor);
                }
                return cell;
            }
            catch
            {
                directory.Remove(cell);
                cell.Exit();
                throw;
            }
        }
    }

    /// <summary>Ends the turn: counts memory, queues a checkpoint and what the encoder has not read, and drops the cell of a customer who does not exist.</summary>
    public void Exit(CustomerCell cell)
    {
        if (!cell.Removed)
        {
            if (cell.Actor is { State.Sequence: 0, LastAppend: null } && !cell.Erased)
            {
                directory.Remove(cell);
            }
            else
            {
                directory.Account(cell);
                if (cell.Actor is { IsDirty: true })
                {
                    onChanged(cell);
                }
                if (cell.Actor is { NeedsEncoding: true })
                {
                    onUnread(cell);
                }
            }
        }
        cell.Exit();
    }

    /// <summary>Drops a customer from memory inside its turn: the next turn learns from storage what is left.</summary>
    public void Forget(CustomerCell cell) => directory.Remove(cell);

    /// <summary>Throws away an activation that may not show what is stored, inside its turn; the next turn recovers from storage.</summary>
    public void Discard(CustomerCell cell)
    {
        directory.Remove(cell);
        onDiscarded(cell.CustomerId);
    }

    /// <summary>Lets a customer leave memory who belongs to another process from now on: nothing of it may stay here and grow old.</summary>
    public async ValueTask LeaveAsync(CustomerCell cell)
    {
        if (!cell.TryEnter())
        {
            await cell.EnterAsync(int.MaxValue);
        }
        if (!cell.Removed)
        {
            if (cell.Actor is { IsDirty: true } or { LastAppend.Completion.IsCompleted: false })
            {
                Discard(cell);
            }
            else
            {
                if (cell.Actor is { } actor)
                {
                    effects.Publish(actor);
                }
                Forget(cell);
            }
        }
        cell.Exit();
    }

    /// <summary>Throws away an activation whose append did not commit; the next turn recovers from storage.</summary>
    public async ValueTask DiscardAsync(CustomerCell cell, CustomerActor stale)
    {
        if (!cell.TryEnter())
        {
            await cell.EnterAsync(int.MaxValue);
        }
        if (ReferenceEquals(cell.Actor, stale))
        {
            Discard(cell);
        }
        else
        {
            // It left memory before: what it could not commit may be stored all the same.
            onDiscarded(cell.CustomerId);
        }
        cell.Exit();
    }

    /// <summary>Waits until everything that the actor has appended so far is committed.</summary>
    /// <returns>False when it did not commit: then the activation was thrown away.</returns>
    public async ValueTask<bool> CommittedAsync(CustomerCell cell, CustomerActor actor, JournalAppend? append)
    {
        if (append is null)
        {
            return true;
        }
        if (!append.Completion.IsCompleted)
        {
            await append.Completion;
        }
        if (append.Outcome == JournalOutcome.Committed)
        {
            return true;
        }
        await DiscardAsync(cell, actor);
        return false;
    }
}
