namespace CustomerSegmentation.Storage.Sqlite.Connections;

/// <summary>Reads that complete synchronously.</summary>
internal static class Reads
{
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
