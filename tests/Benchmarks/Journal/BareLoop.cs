using System.Diagnostics;
using CustomerSegmentation.Storage.Sqlite;
using CustomerSegmentation.Storage.Sqlite.Connections;

namespace CustomerSegmentation.Benchmarks.Journal;

/// <summary>The yardstick: one thread, prepared statements of many rows, each row with its entry in the index, no queue, no receipts, no checks.</summary>
internal static class BareLoop
{
    private const int RowsPerStatement = 64;

    public static TimeSpan Run(SqliteStorageOptions options, Workload workload)
    {
        using var database = Database.Open(options.Path, write: true);
        Settings.ApplyToWriter(database, options);
        var position = database.ExecuteScalar("SELECT max(position) FROM journal");
        var values = string.Join(',', Enumerable.Repeat("(?,?,?,?,?,?,?)", RowsPerStatement));
        using var insert = database.Prepare(
            "INSERT INTO journal (position, customer, first_sequence, count, min_time, max_time, events) VALUES " + values);
        using var enter = database.Prepare(
            "INSERT INTO journal_index (customer, first_sequence, position) VALUES " + string.Join(',', Enumerable.Repeat("(?,?,?)", RowsPerStatement)));
        var rows = workload.Rows - workload.Rows % RowsPerStatement;
        var start = Stopwatch.GetTimestamp();
        for (var group = 0; group < rows; group += options.CommitGroupAppendsMax)
        {
            database["begin"].Run();
            for (var from = group; from < Math.Min(rows, group + options.CommitGroupAppendsMax); from += RowsPerStatement)
            {
                var (parameter, entered) = (0, 0);
                for (var i = from; i < from + RowsPerStatement; i++)
                {
                    var (customer, sequence) = workload[i];
                    insert.Bind(++parameter, ++position).Bind(++parameter, workload.Keys[customer]).Bind(++parameter, sequence).Bind(++parameter, 1)
                        .Bind(++parameter, sequence).Bind(++parameter, sequence).Bind(++parameter, workload.Payload.Span);
                    enter.Bind(++entered, workload.Keys[customer]).Bind(++entered, sequence).Bind(++entered, position);
                }

                insert.Run();
                enter.Run();
            }

            database["commit"].Run();
        }

        return Stopwatch.GetElapsedTime(start);
    }
}
