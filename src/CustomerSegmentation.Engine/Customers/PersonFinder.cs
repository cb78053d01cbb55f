namespace CustomerSegmentation.Engine.Customers;

/// <summary>
/// Finds the ids of one person: a customer and every id whose history joined it. An id that joined another customer stands for that customer. An id that
/// this customer named too, but whose history went to somebody else – a shared device –, belongs to that somebody.
/// </summary>
internal sealed class PersonFinder(ICustomerHolds holds)
{
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
    /// while they are held no id is added. Leave by <see cref="IHeldCustomer.ReleaseAsync"/>.
    /// </summary>
    /// <exception cref="EngineBusyException">The journal does not commit, or the person keeps growing.</exception>
    public async Task<IReadOnlyList<IHeldCustomer>> HoldAllAsync(string customerId, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < ICustomerHolds.AttemptsMax; attempt++)
        {
            var person = await FindAsync(customerId, cancellationToken);
            var held = new List<IHeldCustomer>(person.Ids.Count);
            var complete = false;
            try
            {
                foreach (var id in person.Ids.Order(StringComparer.Ordinal))
                {
                    held.Add(await holds.HoldAsync(id, cancellationToken));
                }
                complete = await IsCompleteAsync(person, held, cancellationToken);
                if (complete)
                {
                    return held;
                }
            }
            finally
            {
                if (!complete)
                {
                    foreach (var customer in held)
                    {
                        await customer.ReleaseAsync(HoldEnd.Kept);
                    }
                }
            }
        }
        throw new EngineBusyException(customerId);
    }

    private static async Task<bool> IsCompleteAsync(Person person, IReadOnlyList<IHeldCustomer> held, CancellationToken cancellationToken)
    {
        foreach (var customer in held)
        {
            var named = await customer.FindNamedIdsAsync(cancellationToken);
            if ((customer.MergedInto is { } target && !person.Ids.Contains(target)) || named.Any(id => !person.Ids.Contains(id) && !person.Others.Contains(id)))
            {
                return false;
            }
        }
        return true;
    }

    private async Task<Names> ReadAsync(string id, CancellationToken cancellationToken)
    {
        var customer = await holds.HoldAsync(id, cancellationToken);
        try
        {
            return new Names(customer.MergedInto, await customer.FindNamedIdsAsync(cancellationToken));
        }
        finally
        {
            await customer.ReleaseAsync(HoldEnd.Kept);
        }
    }

    private sealed record Names(string? MergedInto, IReadOnlySet<string> Named);
}
