using CustomerSegmentation.Storage.Postgres.Connections;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CustomerSegmentation.Storage.Postgres.Schema;

/// <summary>Brings a schema to the version of this program.</summary>
internal static class Migrator
{
    private const int ServerVersionMin = 150_000;

    /// <summary>The version that this program reads and writes.</summary>
    public static int CurrentVersion => Scripts.Migrations.Count;

    /// <summary>
    /// Checks the server and runs the migrations that are missing, in one transaction that excludes others who do the same. Refuses a schema from the
    /// future and one of another program.
    /// </summary>
    public static async Task MigrateAsync(PostgresServer server, long nowMs, ILogger logger, CancellationToken cancellationToken)
    {
        await using var connection = await server.OpenAsync(cancellationToken);
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await Command(connection, "migration_lock").Bind(server.Options.Schema).ExecuteNonQueryAsync(cancellationToken);
            await MigrateAsync(server, connection, nowMs, logger, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresServer.IsOfTheServer(e))
        {
            throw server.Error(e);
        }
    }

    private static async Task MigrateAsync(
        PostgresServer server, NpgsqlConnection connection, long nowMs, ILogger logger, CancellationToken cancellationToken)
    {
        var schema = server.Options.Schema;
        var state = (await Command(connection, "schema_state").Bind(schema).ListAsync(
            r => (Number: r.GetInt32(0), Version: r.GetString(1), Sync: r.GetString(2), Exists: r.GetBoolean(3), Used: r.GetBoolean(4), Ours: r.GetBoolean(5)),
            cancellationToken))[0];
        if (state.Number < ServerVersionMin)
        {
            throw new PostgresStorageException(
                PostgresFault.OldServer, $"PostgreSQL at {server.Target.Host}:{server.Target.Port} has version {state.Version}; 15 or later is needed.");
        }

        if (state.Sync == "off")
        {
            StorageLog.NoSync(logger);
        }

        if (state.Used && !state.Ours)
        {
            throw new PostgresStorageException(
                PostgresFault.ForeignSchema, $"Schema '{schema}' of database '{server.Target.Database}' belongs to another program. Give another schema.");
        }

        if (!state.Exists)
        {
            await new NpgsqlCommand($"CREATE SCHEMA \"{schema}\"", connection).ExecuteNonQueryAsync(cancellationToken);
        }

        if (!state.Ours)
        {
            await Command(connection, "schema_version_create").ExecuteNonQueryAsync(cancellationToken);
        }

        var found = await Command(connection, "schema_version").ScalarAsync<int>(cancellationToken);
        if (found > CurrentVersion)
        {
            throw new PostgresStorageException(
                PostgresFault.NewerSchema,
                $"Schema '{schema}' of database '{server.Target.Database}' has version {found}, and this program knows versions up to {CurrentVersion}: "
                + "a newer one wrote it. Use that one.");
        }

        for (var version = found + 1; version <= CurrentVersion; version++)
        {
            await new NpgsqlCommand(Scripts.Migrations[version - 1], connection).ExecuteNonQueryAsync(cancellationToken);
            await Command(connection, "schema_version_add").Bind(version).Bind(nowMs).ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string name) => new(Scripts.Statements[name], connection);
}
