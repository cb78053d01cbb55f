using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Storage.Sqlite.Schema;

/// <summary>Brings a database to the schema of this program.</summary>
internal static class Migrator
{
    /// <summary>"CSeg": marks the file as ours.</summary>
    private const long ApplicationId = 0x43536567;

    /// <summary>The schema that this program reads and writes.</summary>
    public static int CurrentVersion => Scripts.Migrations.Count;

    /// <summary>Runs the migrations that are missing, each in a transaction of its own; refuses a schema from the future or a foreign file.</summary>
    public static void Migrate(Database database, long nowMs)
    {
        var application = database.ExecuteScalar("PRAGMA application_id");
        var tables = database.ExecuteScalar("SELECT count(*) FROM sqlite_schema");
        if (application != ApplicationId && tables > 0)
        {
            throw new SqliteStorageException(
                database.Path, SqliteFault.Corrupt, 0, $"'{database.Path}' is the database of another program. Give another data folder.");
        }

        if (tables == 0)
        {
            database.Execute($"""
                BEGIN IMMEDIATE;
                PRAGMA application_id = {ApplicationId};
                CREATE TABLE schema_version (version INTEGER PRIMARY KEY, applied INTEGER NOT NULL);
                COMMIT;
                """);
        }

        var found = database.ExecuteScalar("SELECT coalesce(max(version), 0) FROM schema_version");
        if (found > CurrentVersion)
        {
            throw new SqliteStorageException(
                database.Path,
                SqliteFault.NewerSchema,
                0,
                $"'{database.Path}' has schema version {found}, and this program knows versions up to {CurrentVersion}: a newer one wrote it. Use that one.");
        }

        for (var version = (int)found + 1; version <= CurrentVersion; version++)
        {
            database.Execute("BEGIN IMMEDIATE");
            database.Execute(Scripts.Migrations[version - 1]);
            database.Execute($"INSERT INTO schema_version (version, applied) VALUES ({version}, {nowMs}); COMMIT;");
        }
    }
}
