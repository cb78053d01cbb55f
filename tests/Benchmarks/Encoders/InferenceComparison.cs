using System.Globalization;
using System.Text;
using CustomerSegmentation.Domain.Encoders;
using CustomerSegmentation.Inference;
using CustomerSegmentation.Inference.Batching;
using CustomerSegmentation.Inference.Models;
using CustomerSegmentation.Inference.Onnx;
using Microsoft.Extensions.Logging.Abstractions;

namespace CustomerSegmentation.Benchmarks.Encoders;

/// <summary>
/// The session pool beside a bare loop over the same session at its best batch size, one event beside a history of 64, and the same library under Node.js.
/// Short runs alternate, so that a machine that slows down slows all of them; shares are taken within a round, and their medians shown. Arguments: [seconds of a run [file for the report
/// [manifest of a model to measure instead of one made up]]].
/// </summary>
internal static class InferenceComparison
{
    private const int Rounds = 15;
    private const int SizeRounds = 9;
    private const int History = 64;
    private static readonly int[] BatchSizes = [32, 64, 128, 256, 512, 1_024];
    private static readonly int[] FilledBatchSizes = [256, 512];
    private static readonly int[] PoolBatchSizes = [128, 256, 512];

    public static async Task RunAsync(string[] args)
    {
        var duration = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 0.4);
        var lanes = Environment.ProcessorCount;
        var options = new InferenceOptions { Lanes = lanes };
        var runtime = OnnxRuntime.Load(options);
        var (model, graph) = args.Length > 2 ? await ReadAsync(args[2]) : (ShopGraph.Model, ShopGraph.ToOnnx());
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllBytesAsync(file, graph);
            using var session = new OnnxSession(runtime, graph, options, model.Id);
            var bare = new BareSession(runtime, session, model);
            var poolSizes = await MeasurePoolSizesAsync(runtime, graph, model, lanes, duration);
            var poolBest = Best(poolSizes);
            var rates = await CompareAsync(runtime, graph, model, bare, lanes, poolBest, file, duration);
            var report = Report(runtime, model, lanes, poolSizes, poolBest, rates);
            Console.Write(report);
            if (args.Length > 1)
            {
                await File.WriteAllTextAsync(args[1], report);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static int Best(List<(int Batch, double Rate)> sizes) => sizes.MaxBy(size => size.Rate).Batch;

    /// <summary>Twice as many customers as the lanes hold: while some are computed, the others gather.</summary>
    private static int Customers(int lanes, int batch) => 2 * lanes * batch;

    private static InferenceOptions Options(int lanes, int batch) => new() { Lanes = lanes, BatchMax = batch, BatchEventsMax = Math.Max(batch, 4_096) };

    private static async Task<List<(int Batch, double Rate)>> MeasurePoolSizesAsync(
        OnnxRuntime runtime, byte[] graph, EncoderModel model, int lanes, TimeSpan duration)
    {
        var rates = PoolBatchSizes.ToDictionary(size => size, _ => new List<double>());
        for (var round = 0; round < SizeRounds; round++)
        {
            foreach (var size in PoolBatchSizes)
            {
                var options = Options(lanes, size);
                using var metrics = new InferenceMetrics();
                await using var pool = new SessionPool(
                    runtime, new OnnxSession(runtime, graph, options, model.Id), model, options, TimeProvider.System, metrics, NullLogger.Instance);
                rates[size].Add((await new PoolLoad(pool, Customers(lanes, size), 1, areFilled: true).MeasureAsync(duration)).PerSecond);
            }
        }

        return [.. rates.Select(size => (size.Key, Median(size.Value, rate => rate)))];
    }

    private static async Task<List<Rates>> CompareAsync(
        OnnxRuntime runtime, byte[] graph, EncoderModel model, BareSession bare, int lanes, int poolBest, string file, TimeSpan duration)
    {
        var options = Options(lanes, poolBest);
        var customers = Customers(lanes, poolBest);
        using var metrics = new InferenceMetrics();
        await using var pool = new SessionPool(
            runtime, new OnnxSession(runtime, graph, options, model.Id), model, options, TimeProvider.System, metrics, NullLogger.Instance);
        var sent = new PoolLoad(pool, customers, 1, areFilled: false);
        var steps = new PoolLoad(pool, customers, 1, areFilled: true);
        var histories = new PoolLoad(pool, customers, History, areFilled: true);
        var rates = new List<Rates>();
        for (var round = 0; round < Rounds; round++)
        {
            rates.Add(new Rates(
                [.. BatchSizes.Select(size => bare.Measure(lanes, size, 1, duration))],
                [.. FilledBatchSizes.Select(size => bare.Measure(lanes, size, 1, duration, areFilled: true))],
                await sent.MeasureAsync(duration),
                await steps.MeasureAsync(duration),
                bare.Measure(lanes, Math.Max(1, options.BatchEventsMax / History), History, duration),
                await histories.MeasureAsync(duration),
                await NodeSession.MeasureAsync(file, model, lanes, poolBest, 1, duration)));
            Console.WriteLine($"round {round + 1} of {Rounds}");
        }

        return rates;
    }

    private static async Task<(EncoderModel Model, byte[] Graph)> ReadAsync(string manifestFile)
    {
        var manifest = ModelManifest.Read(manifestFile, await File.ReadAllBytesAsync(manifestFile));
        return (manifest.ToEncoderModel(), await File.ReadAllBytesAsync(Path.Combine(Path.GetDirectoryName(manifestFile)!, manifest.File)));
    }

    private static string Report(
        OnnxRuntime runtime, EncoderModel model, int lanes, List<(int Batch, double Rate)> poolSizes, int poolBest, List<Rates> rates)
    {
        var sizes = BatchSizes.Select((size, i) => (size, Median(rates, r => r.BareSizes[i].PerSecond))).ToList();
        var best = Best(sizes);
        var bare = (Rates r) => r.BareSizes[Array.IndexOf(BatchSizes, best)];
        var filledBest = Best([.. FilledBatchSizes.Select((size, i) => (size, Median(rates, r => r.BareFilled[i].PerSecond)))]);
        var filled = (Rates r) => r.BareFilled[Array.IndexOf(FilledBatchSizes, filledBest)];
        var report = new StringBuilder("# Inference: customers a second\n\n");
        report.AppendLine(CultureInfo.InvariantCulture, $"{model.Id}: state {model.StateSize}, {model.FeatureColumns} features, {model.Heads.Count} heads, on ONNX Runtime {runtime.Version}, CPU, {lanes} threads with");
        report.AppendLine(CultureInfo.InvariantCulture, $"one session. Medians of {Rounds} alternating runs; shares are taken within a round. The bare loop runs the session on tensors that are filled once, in batches of {best}; the pool has");
        report.AppendLine(CultureInfo.InvariantCulture, $"batches of {poolBest}: the best sizes of each. In the pool each customer waits for the answer and sends the next request, the same one again or one filled");
        report.AppendLine("anew, on the same processors. Filling means the event's row, the state before and the features, and taking the next state out: the bare loop does");
        report.AppendLine("that, too, where it is said, for as many customers. Processor time does not depend on what else the machine does.").AppendLine();
        report.AppendLine("| | customers/s | of the bare loop | CPU µs each | bare loop's CPU in it | lowest to highest |").AppendLine("|---|---:|---:|---:|---:|---:|");
        AppendLine(report, "bare loop, one event", rates, bare, bare);
        AppendLine(report, $"bare loop, one event, filled anew for each run of {filledBest}", rates, filled, bare);
        AppendLine(report, "pool, one event, same request", rates, r => r.Sent.Load, bare);
        AppendLine(report, "pool, one event, filled anew", rates, r => r.Steps.Load, bare);
        AppendLine(report, "onnxruntime-node, one event", rates, r => (r.Node, double.NaN), bare);
        AppendLine(report, $"bare loop, {History} events", rates, r => r.BareHistories, r => r.BareHistories);
        AppendLine(report, $"pool, {History} events, filled anew", rates, r => r.Histories.Load, r => r.BareHistories);
        report.AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"- One event from a kept state costs 1/{Median(rates, r => r.Histories.CpuMicroseconds) / Median(rates, r => r.Steps.CpuMicroseconds):F1} of reading {History} events again in the pool, by processor time, and 1/{Median(rates, r => r.BareHistories.CpuMicroseconds) / Median(rates, r => bare(r).CpuMicroseconds):F1} in the bare loop.");
        report.AppendLine(CultureInfo.InvariantCulture, $"- Beside a bare loop that fills its tensors anew the pool, filled anew, has {Median(rates, r => r.Steps.PerSecond / filled(r).PerSecond):P0} of the rate; that bare loop takes {Median(rates, r => filled(r).CpuMicroseconds / r.Steps.CpuMicroseconds):P0} of the pool's processor time.");
        report.AppendLine(CultureInfo.InvariantCulture, $"- Allocated for one inference in steady state: {Median(rates, r => r.Steps.Bytes):F3} bytes.");
        report.AppendLine(CultureInfo.InvariantCulture, $"- Bare loop by batch size: {Describe(sizes)}. Pool: {Describe(poolSizes)}.");
        return report.ToString();
    }

    private static string Describe(List<(int Batch, double Rate)> sizes) =>
        string.Join(", ", sizes.Select(s => string.Create(CultureInfo.InvariantCulture, $"{s.Batch}: {s.Rate:N0}")));

    private static void AppendLine(
        StringBuilder report, string name, List<Rates> rates, Func<Rates, (double PerSecond, double Cpu)> of, Func<Rates, (double PerSecond, double Cpu)> bare)
    {
        var (perSecond, cpu) = (Median(rates, r => of(r).PerSecond), Median(rates, r => of(r).Cpu));
        var cpuCells = double.IsNaN(cpu) ? "| |" : string.Create(CultureInfo.InvariantCulture, $"{cpu:F2} | {Median(rates, r => bare(r).Cpu / of(r).Cpu):P0} |");
        report.AppendLine(
            CultureInfo.InvariantCulture,
            $"| {name} | {perSecond:N0} | {Median(rates, r => of(r).PerSecond / bare(r).PerSecond):P0} | {cpuCells} {rates.Min(r => of(r).PerSecond):N0} to {rates.Max(r => of(r).PerSecond):N0} |");
    }

    private static double Median<T>(List<T> rates, Func<T, double> of) => rates.Select(of).Order().ElementAt(rates.Count / 2);

    private sealed record Rates(
        (double PerSecond, double CpuMicroseconds)[] BareSizes, (double PerSecond, double CpuMicroseconds)[] BareFilled, PoolRate Sent, PoolRate Steps, (double PerSecond, double CpuMicroseconds) BareHistories, PoolRate Histories,
        double Node);
}
