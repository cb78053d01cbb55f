using CustomerSegmentation.Storage.Customers;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Removes customers, in the running transaction.</summary>
internal static class Erasure
{
    /// <param name="session">The writer's.</param>
    /// <param name="customerIds">Who is erased.</param>
    /// <param name="rejections">How many of their rejections were removed before.</param>
    public static ErasedCustomer Run(WriterSession session, IReadOnlyList<string> customerIds, int rejections)
    {
        var database = session.Database;
        var atMs = session.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds();
        session.Shared.AnyErased = true;
        session.RequestScrub();
        long events = 0;
        var (states, profiles) = (0, 0);
        foreach (var id in customerIds)
        {
            Tombstones.Add(database, session.Shared, id, atMs);
            if (session.Customers.Find(id) is { } key)
            {
                var stored = Stored.Read(database, key)!.Value;
                events += RemoveEvents(session, key);
                states += stored.HasSnapshot ? 1 : 0;
                profiles += stored.HasRow ? 1 : 0;
                session.Profiles.Remove(key, stored);
                database["customer_delete"].Bind(1, key).Run();
                session.Customers.Erase(key);
            }
        }

        var changes = session.Profiles.Book();
        foreach (var name in (string[])["rejection_erase", "customer_key", "profile_write"])
        {
            database[name].ClearBindings();
        }

        return new ErasedCustomer { Events = events, States = states, Profiles = profiles, Rejections = rejections, Changes = changes };
    }

    private static long RemoveEvents(WriterSession session, long key)
    {
        var positions = session.Shared.Unindexed.Of(key).Select(place => place.Position).ToHashSet();
        var indexed = session.Database["journal_positions"].Bind(1, key);
        while (indexed.Step())
        {
            positions.Add(indexed.GetInt64(0));
        }

        var events = 0L;
        foreach (var position in positions)
        {
            var removed = session.Database["journal_remove"].Bind(1, position).Bind(2, key);
            while (removed.Step())
            {
                events += removed.GetInt64(0);
            }
        }

        session.Database["journal_index_delete"].Bind(1, key).Run();
        return events;
    }
}
