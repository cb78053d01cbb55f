using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Contracts.Customers;
using CustomerSegmentation.Engine.Activations;
using CustomerSegmentation.Engine.Live;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Engine.Customers;

/// <summary>Answers questions about customers whose actors are in this process.</summary>
internal sealed class CustomerReader(CustomerTurns turns, EffectPublisher effects, IJournal journal)
{
    /// <summary>How far joined customers are followed, and how often a read is tried anew after a lost activation.</summary>
    public const int HopsMax = 64;

    /// <summary>Reads in a turn, brings a customer up to date whom a re-clustering passed by, and answers once all that was read is committed.</summary>
    /// <exception cref="EngineBusyException">There is no room in memory, or the journal does not commit.</exception>
    public async Task<CustomerRead<T>> ReadAsync<T>(string id, Func<CustomerActor, T> read, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < HopsMax; attempt++)
        {
            var cell = await turns.EnterAsync(id, cancellationToken) ?? throw new EngineBusyException(id);
            CustomerActor actor;
            T? result = default;
            string? target;
            JournalAppend? append;
            try
            {
                actor = cell.Actor!;
                if (cell.Erased || actor.State.Sequence == 0)
                {
                    return default;
                }
                target = actor.State.MergedInto;
                if (target is null)
                {
                    if (actor.IsBehindSegmentation)
                    {
                        actor.Refresh("segmentation");
                    }
                    result = read(actor);
                }
                append = actor.LastAppend;
            }
            finally
            {
                turns.Exit(cell);
            }
            if (await turns.CommittedAsync(cell, actor, append))
            {
                if (target is null && actor.HasEffects)
                {
                    await effects.PublishAsync(cell, actor);
                }
                return new CustomerRead<T>(result, target);
            }
        }
        throw new EngineBusyException(id);
    }

    /// <inheritdoc cref="ICustomerActor.GetHistoryAsync"/>
    public async Task<CustomerRead<CustomerHistory>> ReadHistoryAsync(string id, long? before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        var head = await ReadAsync(id, static actor => actor.State.Transitions.ToArray(), cancellationToken);
        if (head.Value is null)
        {
            return new CustomerRead<CustomerHistory>(null, head.MovedTo);
        }
        var items = await CustomerTimeline.ReadAsync(journal, id, before ?? long.MaxValue, limit, cancellationToken);
        var more = items.Count > limit;
        return new CustomerRead<CustomerHistory>(
            new CustomerHistory
            {
                Id = id,
                Items = more ? items.GetRange(0, limit) : items,
                Next = more ? items[limit - 1].Sequence : null,
                Transitions = head.Value,
            },
            null);
    }
}
