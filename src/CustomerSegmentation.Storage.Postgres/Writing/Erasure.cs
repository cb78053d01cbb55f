using CustomerSegmentation.Storage.Customers;
using CustomerSegmentation.Storage.Postgres.Connections;

namespace CustomerSegmentation.Storage.Postgres.Writing;

/// <summary>Removes customers, in the running transaction.</summary>
internal static class Erasure
{
    /// <param name="session">The writer's.</param>
    /// <param name="customerIds">Who is erased.</param>
    /// <param name="rejections">Removes a customer's rejections and says how many there were.</param>
    /// <param name="atMs">Now, milliseconds since 1970-01-01 UTC.</param>
    public static async Task<ErasedCustomer> RunAsync(
        WriterSession session, IReadOnlyList<string> customerIds, Func<WriterSession, string, Task<int>> rejections, long atMs)
    {
        // No commit group of any process is under way from here to the commit: none of them can have found a customer and write after this.
        await session["erasures_own"].ExecuteNonQueryAsync();
        var salt = await session["salt_get"].ScalarAsync<byte[]>();
        var ledger = new ProfileLedger(session);
        var removed = 0;
        foreach (var id in customerIds)
        {
            await session["tombstone_insert"].Bind(salt).Bind(Parameters.Bytes(id)).Bind(atMs).ExecuteNonQueryAsync();
            removed += await rejections(session, id);
        }

        var found = await ledger.FindAsync(customerIds);
        long events = 0;
        foreach (var stored in found)
        {
            events += await session["journal_erase"].Bind(stored.Key).ScalarAsync<long>();
            await ledger.RemoveAsync(stored);
            await session["customer_delete"].Bind(stored.Key).ExecuteNonQueryAsync();
        }

        return new ErasedCustomer
        {
            Events = events,
            States = found.Count(s => s.HasSnapshot),
            Profiles = found.Count(s => s.HasRow),
            Rejections = removed,
            Changes = await ledger.BookAsync(),
        };
    }
}
