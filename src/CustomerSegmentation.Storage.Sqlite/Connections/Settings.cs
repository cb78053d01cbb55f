namespace CustomerSegmentation.Storage.Sqlite.Connections;

/// <summary>The settings of each kind of connection.</summary>
internal static class Settings
{
    /// <summary>Page size of new databases, in bytes.</summary>
    public const int PageBytes = 4096;

    public static void ApplyToWriter(Database database, SqliteStorageOptions options)
    {
        database.Execute($"PRAGMA busy_timeout = {options.BusyTimeoutMs}");
        database.Execute($"PRAGMA page_size = {PageBytes}");
        database.Execute("PRAGMA journal_mode = WAL");
        database.Execute("PRAGMA synchronous = FULL");
        database.Execute("PRAGMA temp_store = MEMORY");

        // Old versions of rows are personal data too: whatever is overwritten or deleted becomes zeros.
        database.Execute("PRAGMA secure_delete = ON");
        database.Execute($"PRAGMA cache_size = -{options.WriterCacheBytes / 1024}");
        var pageBytes = database.ExecuteScalar("PRAGMA page_size");
        database.Execute("PRAGMA wal_autocheckpoint = 0");

        // The file keeps its size, since writing within it syncs faster than letting it grow.
        database.Execute($"PRAGMA journal_size_limit = {2 * options.WriteAheadLogBytes}");
        if (options.DatabaseBytesMax > 0)
        {
            database.Execute($"PRAGMA max_page_count = {Math.Max(1, options.DatabaseBytesMax / pageBytes)}");
        }
    }

    public static void ApplyToLogCopier(Database database, SqliteStorageOptions options)
    {
        database.Execute($"PRAGMA busy_timeout = {options.BusyTimeoutMs}");
        database.Execute("PRAGMA synchronous = FULL");
        database.Execute("PRAGMA wal_autocheckpoint = 0");
    }

    public static void ApplyToReader(Database database, SqliteStorageOptions options)
    {
        database.Execute($"PRAGMA busy_timeout = {options.BusyTimeoutMs}");
        database.Execute("PRAGMA query_only = ON");
        database.Execute("PRAGMA temp_store = MEMORY");
        database.Execute($"PRAGMA cache_size = -{options.ReaderCacheBytes / 1024}");
    }
}
