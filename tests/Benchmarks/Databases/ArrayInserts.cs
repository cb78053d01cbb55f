using System.Diagnostics;
using CustomerSegmentation.Benchmarks.Journal;
using CustomerSegmentation.Storage.Postgres;
using Npgsql;
using NpgsqlTypes;

namespace CustomerSegmentation.Benchmarks.Databases;

/// <summary>The yardstick: writers that insert arrays of rows into the journal's table, each array in a transaction of its own. No queue, no receipts, no checks.</summary>
internal static class ArrayInserts
{
    /// <param name="rowsPerInsert">1: a plain INSERT of one row.</param>
    public static async Task<TimeSpan> RunAsync(PostgresStorageOptions options, Workload workload, int rows, int rowsPerInsert, int writers)
    {
        await using var source = NpgsqlDataSource.Create(
            new NpgsqlConnectionStringBuilder(options.ConnectionString) { SearchPath = options.Schema, NoResetOnClose = true });
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => rowsPerInsert == 1
            ? InsertOneByOneAsync(source, workload, writer, rows, writers)
            : InsertArraysAsync(source, workload, writer, rows, rowsPerInsert, writers)));
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task InsertArraysAsync(NpgsqlDataSource source, Workload workload, int writer, int rows, int rowsPerInsert, int writers)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            "INSERT INTO journal (customer, first_sequence, count, min_time, max_time, events) " +
            "SELECT * FROM unnest($1::bigint[], $2::bigint[], $3::integer[], $4::bigint[], $5::bigint[], $6::bytea[])",
            connection);
        var (customers, sequences, times) = (new long[rowsPerInsert], new long[rowsPerInsert], new long[rowsPerInsert]);
        var counts = Enumerable.Repeat(1, rowsPerInsert).ToArray();
        var payloads = Enumerable.Repeat(workload.Payload.ToArray(), rowsPerInsert).ToArray();
        foreach (var array in new object[] { customers, sequences, counts, times, times, payloads })
        {
            insert.Parameters.Add(new NpgsqlParameter { Value = array });
        }

        await insert.PrepareAsync();
        for (var from = writer * rowsPerInsert; from + rowsPerInsert <= rows; from += writers * rowsPerInsert)
        {
            for (var i = 0; i < rowsPerInsert; i++)
            {
                var (customer, sequence) = workload[from + i];
                (customers[i], sequences[i], times[i]) = (workload.Keys[customer], sequence, sequence);
            }

            await insert.ExecuteNonQueryAsync();
        }
    }

    private static async Task InsertOneByOneAsync(NpgsqlDataSource source, Workload workload, int writer, int rows, int writers)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var insert = new NpgsqlCommand(
            "INSERT INTO journal (customer, first_sequence, count, min_time, max_time, events) VALUES ($1, $2, 1, $2, $2, $3)", connection);
        var customerKey = new NpgsqlParameter<long>();
        var firstSequence = new NpgsqlParameter<long>();
        insert.Parameters.Add(customerKey);
        insert.Parameters.Add(firstSequence);
        insert.Parameters.Add(new NpgsqlParameter { Value = workload.Payload.ToArray(), NpgsqlDbType = NpgsqlDbType.Bytea });
        await insert.PrepareAsync();
        for (var row = writer; row < rows; row += writers)
        {
            var (customer, sequence) = workload[row];
            (customerKey.TypedValue, firstSequence.TypedValue) = (workload.Keys[customer], sequence);
            await insert.ExecuteNonQueryAsync();
        }
    }
}
