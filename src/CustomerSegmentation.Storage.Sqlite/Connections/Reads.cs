namespace CustomerSegmentation.Storage.Sqlite.Connections;

/// <summary>Reads on the caller's thread.</summary>
internal static class Reads
{
    /// <summary>The key of a customer; null for one who is unknown or erased.</summary>
    public static long? FindKey(this Database database, string customerId)
    {
        var row = database["customer_key"].Bind(1, customerId);
        long? key = row.Step() ? row.GetInt64(0) : null;
        row.Reset();
        return key;
    }

    public static Task<T> ReadAsync<T>(this ReaderPool readers, Func<ReaderPool.Lease, T> read, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<T>(cancellationToken);
        }

        try
        {
            using var reader = readers.Rent();
            return Task.FromResult(read(reader));
        }
        catch (Exception e)
        {
            return Task.FromException<T>(e);
        }
    }
}
