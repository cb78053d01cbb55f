using CustomerSegmentation.Actors.Customers;
using CustomerSegmentation.Engine.Embedded.Activations;
using CustomerSegmentation.Storage.Journal;

namespace CustomerSegmentation.Engine.Embedded.Customers;

/// <summary>
/// Finds the ids of one person: a customer and every id whose history joined it. An id that joined another customer stands for that customer. An id that
/// this customer named too, but whose history went to somebody else – a shared device –, belongs to that somebody.
/// </summary>
internal sealed class PersonFinder(CustomerTurns turns, IJournal journal)
{
    /// <summary>How often a customer is recovered whose latest append did not commit, and a person is found anew who grew meanwhile.</summary>
    public const int AttemptsMax = 8;

    /// <summary>The person as of some moment during the call.</summary>
    public async Task<Person> FindAsync(string customerId, CancellationToken cancellationToken)
    {
        var ids = new List<string>();
        for (var id = customerId; id is not null && !ids.Contains(id);)
        {
            ids.Add(id);
            id = (await ReadAsync(id, cancellationToken)).MergedInto;
        }
        ids.Reverse();
        var others = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < ids.Count; i++)
        {
            foreach (var id in (await ReadAsync(ids[i], cancellationToken)).Named)
            {
                if (ids.Contains(id))
                {
                    continue;
                }
                if ((await ReadAsync(id, cancellationToken)).MergedInto is not { } target || ids.Contains(target))
                {
                    ids.Add(id);
                    others.Remove(id);
                }
                else
                {
                    others.Add(id);
                }
            }
        }
        return new Person(ids, others);
    }

    /// <summary>
    /// Takes the turns of all ids of the person, in the order in which every holder of several turns takes them, and makes sure that it is all of the person:
    /// while they are held no id is added. Leave by <see cref="CustomerTurns.Exit"/>.
    /// </summary>
    /// <exception cref="EngineBusyException">The journal does not commit, or the person keeps growing.</exception>
    public async Task<IReadOnlyList<CustomerCell>> EnterAllAsync(string customerId, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var person = await FindAsync(customerId, cancellationToken);
            var cells = new List<CustomerCell>(person.Ids.Count);
            var complete = false;
            try
            {
                foreach (var id in person.Ids.Order(StringComparer.Ordinal))
                {
                    cells.Add(await EnterSettledAsync(id, cancellationToken));
                }
                complete = await IsCompleteAsync(person, cells, cancellationToken);
                if (complete)
                {
                    return cells;
                }
            }
            finally
            {
                if (!complete)
                {
                    cells.ForEach(turns.Exit);
                }
            }
        }
        throw new EngineBusyException(customerId);
    }

    private async Task<bool> IsCompleteAsync(Person person, IReadOnlyList<CustomerCell> cells, CancellationToken cancellationToken)
    {
        foreach (var cell in cells)
        {
            var (mergedInto, named) = await ReadAsync(cell, cancellationToken);
            if ((mergedInto is not null && !person.Ids.Contains(mergedInto)) || named.Any(id => !person.Ids.Contains(id) && !person.Others.Contains(id)))
            {
                return false;
            }
        }
        return true;
    }

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
    /// Enters with all that the state shows committed. A state with events that did not commit would name the wrong ids: it is thrown away and recovered.
    /// </summary>
    private async Task<CustomerCell> EnterSettledAsync(string id, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var cell = await turns.EnterBeyondLimitsAsync(id, cancellationToken);
            if (cell.Actor!.LastAppend is not { } last)
            {
                return cell;
            }
            await last.Completion;
            if (last.Outcome == JournalOutcome.Committed)
            {
                return cell;
            }
            turns.Discard(cell);
            turns.Exit(cell);
        }
        throw new EngineBusyException(id);
    }

    private sealed record Names(string? MergedInto, IReadOnlySet<string> Named);
}
