using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Postgres.Connections;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>Removes a customer, in the running transaction.</summary>
internal static class Erasure
{
    /// <param name="session">The writer's.</param>
    /// <param name="customerId">Who is erased.</param>
    /// <param name="rejections">Removes the customer's rejections and says how many there were.</param>
    /// <param name="atMs">Now, milliseconds since 1970-01-01 UTC.</param>
    public static async Task<ErasedCustomer> RunAsync(
        WriterSession session, string customerId, Func<WriterSession, string, Task<int>> rejections, long atMs)
    {
        // No commit group of any process is under way from here to the commit: none of them can have found the customer and write after this.
        await session["erasures_own"].ExecuteNonQueryAsync();
        var salt = await session["salt_get"].ScalarAsync<byte[]>();
        await session["tombstone_insert"].Bind(salt).Bind(Parameters.Bytes(customerId)).Bind(atMs).ExecuteNonQueryAsync();
        var removed = await rejections(session, customerId);
        var ledger = new ProfileLedger(session);
        if (await ledger.FindAsync(customerId) is not { } stored)
        {
            return new ErasedCustomer { Rejections = removed, Changes = ProfileChanges.None };
        }

        var events = await session["journal_erase"].Bind(stored.Key).ScalarAsync<long>();
        await ledger.RemoveAsync(stored);
        await session["customer_delete"].Bind(stored.Key).ExecuteNonQueryAsync();
        return new ErasedCustomer
        {
            Events = events,
            States = stored.HasSnapshot ? 1 : 0,
            Profiles = stored.HasRow ? 1 : 0,
            Rejections = removed,
            Changes = await ledger.BookAsync(),
        };
    }
}
