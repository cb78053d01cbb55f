using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Sqlite.Writing;

/// <summary>Removes a customer, in the running transaction.</summary>
internal static class Erasure
{
    /// <param name="session">The writer's.</param>
    /// <param name="customerId">Who is erased.</param>
    /// <param name="rejections">How many of the customer's rejections were removed before.</param>
    public static ErasedCustomer Run(WriterSession session, string customerId, int rejections)
    {
        var database = session.Database;
        Tombstones.Add(database, session.Shared, customerId, session.TimeProvider.GetUtcNow().ToUnixTimeMilliseconds());
        session.Shared.AnyErased = true;
        session.RequestScrub();
        var erased = session.Customers.Find(customerId) is { } key
            ? Run(session, key, rejections)
            : new ErasedCustomer { Rejections = rejections, Changes = ProfileChanges.None };
        foreach (var name in (string[])["rejection_erase", "customer_key", "profile_write"])
        {
            database[name].ClearBindings();
        }

        return erased;
    }

    private static ErasedCustomer Run(WriterSession session, long key, int rejections)
    {
        var database = session.Database;
        var stored = Stored.Read(database, key)!.Value;
        var count = database["journal_count_events"].Bind(1, key);
        count.Step();
        var events = count.GetInt64(0);
        count.Reset();
        database["journal_delete"].Bind(1, key).Run();
        session.Profiles.Remove(key, stored);
        database["customer_delete"].Bind(1, key).Run();
        session.Customers.Erase(key);
        return new ErasedCustomer
        {
            Events = events,
            States = stored.HasSnapshot ? 1 : 0,
            Profiles = stored.HasRow ? 1 : 0,
            Rejections = rejections,
            Changes = session.Profiles.Book(),
        };
    }
}
