using System.Diagnostics;
using System.Globalization;
using System.Text;
using CustomerSegmentation.Storage.Journal;
using CustomerSegmentation.Storage.Sqlite;

namespace CustomerSegmentation.Benchmarks.Journal;

/// <summary>
/// Rows a second through the journal, from one producer and from several, beside a bare loop of multi-row inserts of the same rows into the same schema
/// with the same settings and commit groups. Runs alternate, so that a machine that slows down slows all of them; medians are compared.
/// </summary>
internal static class JournalComparison
{
    private const int Customers = 10_000;
    private const int PayloadBytes = 150;
    private const int Rounds = 5;
    private const int SeveralProducers = 4;

    public static async Task RunAsync(string[] args)
    {
        var rows = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 300_000;
        var folder = Directory.CreateTempSubdirectory("journal-benchmark-").FullName;
        try
        {
            var report = new StringBuilder();
            await CompareAsync(folder, rows, report);
            report.Append(await CustomerFootprint.MeasureAsync(folder));
            Console.Write(report);
            if (args.Length > 1)
            {
                await File.WriteAllTextAsync(args[1], report.ToString());
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task CompareAsync(string folder, int rows, StringBuilder report)
    {
        var bare = new List<double>();
        var one = new List<double>();
        var several = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            bare.Add(await MeasureAsync(folder, rows, (options, workload) => Task.Run(() => BareLoop.Run(options, workload))));
            one.Add(await MeasureAsync(folder, rows, (options, workload) => ProduceAsync(options, workload, 1)));
            several.Add(await MeasureAsync(folder, rows, (options, workload) => ProduceAsync(options, workload, SeveralProducers)));
            Console.WriteLine($"round {round + 1}: bare {bare[^1]:N0}, one producer {one[^1]:N0}, {SeveralProducers} producers {several[^1]:N0} rows/s");
        }

        report.AppendLine("# Journal: rows a second").AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"{rows:N0} rows of one event ({PayloadBytes} bytes), {Customers:N0} customers at random, WAL, synchronous=FULL,");
        report.AppendLine(CultureInfo.InvariantCulture, $"groups of up to {new SqliteStorageOptions { Path = "x" }.CommitGroupAppendsMax:N0} rows, {Environment.ProcessorCount} processors. Medians of {Rounds} alternating runs.").AppendLine();
        report.AppendLine("| | rows/s | of the bare loop | lowest to highest |").AppendLine("|---|---:|---:|---:|");
        AppendLine(report, "bare loop of multi-row inserts, with their index entries", bare, bare);
        AppendLine(report, "journal, one producer", one, bare);
        AppendLine(report, $"journal, {SeveralProducers} producers", several, bare);
        report.AppendLine();
    }

    private static void AppendLine(StringBuilder report, string name, List<double> rates, List<double> bare) => report.AppendLine(
        CultureInfo.InvariantCulture, $"| {name} | {Median(rates):N0} | {Median(rates) / Median(bare):P0} | {rates.Min():N0} to {rates.Max():N0} |");

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    /// <summary>Rows a second into a new database that knows the customers already.</summary>
    private static async Task<double> MeasureAsync(string folder, int rows, Func<SqliteStorageOptions, Workload, Task<TimeSpan>> run)
    {
        var options = new SqliteStorageOptions { Path = Path.Combine(folder, $"{Guid.NewGuid():N}.db") };
        var workload = await CreateWorkloadAsync(options, rows);
        var elapsed = await run(options, workload);
        foreach (var file in Directory.GetFiles(folder))
        {
            File.Delete(file);
        }

        return rows / elapsed.TotalSeconds;
    }

    private static async Task<Workload> CreateWorkloadAsync(SqliteStorageOptions options, int rows)
    {
        await using var storage = await SqliteStorage.OpenAsync(options, TimeProvider.System);
        return await Workload.CreateAsync(storage, Customers, rows, PayloadBytes);
    }

    /// <summary>Each producer has customers of its own, as actors do; the clock stops when every row is committed.</summary>
    private static async Task<TimeSpan> ProduceAsync(SqliteStorageOptions options, Workload workload, int producers)
    {
        await using var storage = await SqliteStorage.OpenAsync(options, TimeProvider.System);
        var start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, producers).Select(p => Task.Factory.StartNew(
            () => ProduceAsync(storage.Journal, workload, p, producers), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task ProduceAsync(IJournal journal, Workload workload, int producer, int producers)
    {
        var pending = new Queue<Task>();
        Task? last = null;
        for (var i = 0; i < workload.Rows; i++)
        {
            var (customer, sequence) = workload[i];
            if (customer % producers != producer)
            {
                continue;
            }

            var append = new JournalAppend(workload.Ids[customer], workload.Keys[customer], sequence, 1, workload.Payload, sequence, sequence);
            while (journal.TryAppend(append) == AppendResult.Full)
            {
                if (pending.TryDequeue(out var oldest))
                {
                    await oldest;
                }
                else
                {
                    // The others fill the queue.
                    await Task.Yield();
                }
            }

            if (append.Completion != last)
            {
                last = append.Completion;
                pending.Enqueue(last);
            }
        }

        await Task.WhenAll(pending);
    }
}
