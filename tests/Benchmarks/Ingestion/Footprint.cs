using System.Globalization;
using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Benchmarks.Ingestion;

/// <summary>How the database file divides between the events and what is kept of customers beside them.</summary>
internal static class Footprint
{
    public static string Describe(string path, int customers, long events)
    {
        // The bytes of the journal are those that vanish with it when both are compact; all slack is counted against the customers.
        using var database = Database.Open(path, write: true);
        var full = Size(database);
        database.Execute("VACUUM");
        var compact = Size(database);
        database.Execute("DELETE FROM journal; DELETE FROM journal_index; VACUUM");
        var journal = compact - Size(database);
        return string.Create(CultureInfo.InvariantCulture,
            $"database: {(full - journal) / customers:N0} bytes for each idle customer (snapshot, profile, names, indexes, slack), {journal / Math.Max(1, events):N0} for each event");
    }

    private static long Size(Database database) => database.ExecuteScalar("SELECT page_count * page_size FROM pragma_page_count(), pragma_page_size()");
}
