using System.Globalization;
using System.Text;
using CustomerSegmentation.Storage.Postgres;
using Npgsql;

namespace CustomerSegmentation.Benchmarks.Databases;

/// <summary>How a schema of PostgreSQL divides between the events and what is kept of customers beside them.</summary>
internal static class TableSizes
{
    /// <summary>Tables with their indexes and what lies out of line, partitions added up.</summary>
    private const string Sizes = """
        SELECT coalesce(p.relname, c.relname) AS name, sum(pg_total_relation_size(c.oid))::bigint AS bytes
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_inherits i ON i.inhrelid = c.oid LEFT JOIN pg_class p ON p.oid = i.inhparent
        WHERE n.nspname = $1 AND c.relkind = 'r' GROUP BY 1 HAVING sum(pg_total_relation_size(c.oid)) >= 1048576 ORDER BY 2 DESC
        """;

    /// <summary>As it is after the load, and once nothing is left of rows that were replaced.</summary>
    public static async Task<string> DescribeAsync(PostgresStorageOptions options, int customers, long events)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(options.ConnectionString) { SearchPath = options.Schema }.ConnectionString);
        await connection.OpenAsync();
        var text = new StringBuilder();
        Append("as it is after the load", await ReadAsync());
        foreach (var (name, _) in await ReadAsync())
        {
            await using var vacuum = new NpgsqlCommand($"VACUUM (FULL) {name}", connection) { CommandTimeout = 0 };
            await vacuum.ExecuteNonQueryAsync();
        }

        Append("compact", await ReadAsync());
        return text.ToString();

        async Task<List<(string Name, long Bytes)>> ReadAsync()
        {
            await using var command = new NpgsqlCommand(Sizes, connection) { Parameters = { new() { Value = options.Schema } } };
            await using var reader = await command.ExecuteReaderAsync();
            var tables = new List<(string, long)>();
            while (await reader.ReadAsync())
            {
                tables.Add((reader.GetString(0), reader.GetInt64(1)));
            }

            return tables;
        }

        void Append(string when, List<(string Name, long Bytes)> tables)
        {
            var journal = tables.Where(t => t.Name == "journal").Sum(t => t.Bytes);
            text.AppendLine(CultureInfo.InvariantCulture, $"database, {when}: {tables.Where(t => t.Name != "journal").Sum(t => t.Bytes) / customers:N0} bytes for each customer, {journal / Math.Max(1, events):N0} for each event");
            foreach (var (name, bytes) in tables)
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {bytes / 1_000_000.0:N1} | {(name == "journal" ? $"{bytes / Math.Max(1, events):N0} an event" : $"{bytes / customers:N0} a customer")} |");
            }
        }
    }
}
