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
/// Runs alternate, so that a machine that slows down slows all of them; medians are compared. Arguments: [seconds of a run [file for the report
/// [manifest of a model to measure instead of one made up]]].
/// </summary>
internal static class InferenceComparison
{
    private const int Rounds = 5;
    private const int History = 64;
    private static readonly int[] BatchSizes = [32, 64, 128, 256, 512, 1_024];

    public static async Task RunAsync(string[] args)
    {
        var duration = TimeSpan.FromSeconds(args.Length > 0 ? double.Parse(args[0], CultureInfo.InvariantCulture) : 3);
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
            var sizes = BatchSizes.Select(b => (Batch: b, Rate: bare.Measure(lanes, b, 1, duration / 3).PerSecond)).ToList();

            // Of sizes that are as good as the best the smallest, for its shorter wait.
            var best = sizes.First(s => s.Rate > 0.97 * sizes.Max(o => o.Rate)).Batch;
            var rates = await CompareAsync(runtime, graph, model, bare, lanes, best, file, duration);
            var report = Report(runtime, model, lanes, sizes, best, rates);
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

    private static async Task<List<Rates>> CompareAsync(
        OnnxRuntime runtime, byte[] graph, EncoderModel model, BareSession bare, int lanes, int best, string file, TimeSpan duration)
    {
        // Twice as many customers as the lanes hold: while some are computed, the others gather.
        var options = new InferenceOptions { Lanes = lanes, BatchMax = best, BatchEventsMax = Math.Max(best, 4_096) };
        var customers = 2 * lanes * best;
        using var metrics = new InferenceMetrics();
        await using var pool = new SessionPool(
            runtime, new OnnxSession(runtime, graph, options, model.Id), model, options, TimeProvider.System, metrics, NullLogger.Instance);
        var steps = new PoolLoad(pool, customers, 1);
        var histories = new PoolLoad(pool, customers, History);
        var rates = new List<Rates>();
        for (var round = 0; round < Rounds; round++)
        {
            var (bareRate, bareCpu) = bare.Measure(lanes, best, 1, duration);
            var (poolRate, poolCpu, bytes) = await steps.MeasureAsync(duration);
            var (bareHistories, bareHistoriesCpu) = bare.Measure(lanes, Math.Max(1, options.BatchEventsMax / History), History, duration);
            var (poolHistories, poolHistoriesCpu, _) = await histories.MeasureAsync(duration);
            var node = await NodeSession.MeasureAsync(file, model, lanes, best, 1, duration);
            rates.Add(new Rates(bareRate, bareCpu, poolRate, poolCpu, bytes, bareHistories, bareHistoriesCpu, poolHistories, poolHistoriesCpu, node));
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
        OnnxRuntime runtime, EncoderModel model, int lanes, List<(int Batch, double Rate)> sizes, int best, List<Rates> rates)
    {
        var report = new StringBuilder("# Inference: customers a second\n\n");
        report.AppendLine(CultureInfo.InvariantCulture, $"{model.Id}: state {model.StateSize}, {model.FeatureColumns} features, {model.Heads.Count} heads, on ONNX Runtime {runtime.Version}, CPU, {lanes} threads with");
        report.AppendLine(CultureInfo.InvariantCulture, $"one session. Medians of {Rounds} alternating runs. The bare loop runs the session on tensors that are filled once, in batches of {best},");
        report.AppendLine("its best size; in the pool each customer fills a request, waits for the answer and sends the next, on the same processors. Processor time");
        report.AppendLine("does not depend on what else the machine does.").AppendLine();
        report.AppendLine("| | customers/s | of the bare loop | CPU µs each | bare loop's CPU in it | lowest to highest |").AppendLine("|---|---:|---:|---:|---:|---:|");
        AppendLine(report, "bare loop, one event", rates, r => r.Bare, r => r.BareCpu, r => r.Bare, r => r.BareCpu);
        AppendLine(report, "pool, one event", rates, r => r.Pool, r => r.PoolCpu, r => r.Bare, r => r.BareCpu);
        AppendLine(report, "onnxruntime-node, one event", rates, r => r.Node, _ => double.NaN, r => r.Bare, r => r.BareCpu);
        AppendLine(report, $"bare loop, {History} events", rates, r => r.BareHistories, r => r.BareHistoriesCpu, r => r.BareHistories, r => r.BareHistoriesCpu);
        AppendLine(report, $"pool, {History} events", rates, r => r.PoolHistories, r => r.PoolHistoriesCpu, r => r.BareHistories, r => r.BareHistoriesCpu);
        report.AppendLine();
        report.AppendLine(CultureInfo.InvariantCulture, $"- One event from a kept state costs 1/{Median(rates, r => r.PoolHistoriesCpu) / Median(rates, r => r.PoolCpu):F0} of reading {History} events again, by processor time.");
        report.AppendLine(CultureInfo.InvariantCulture, $"- Allocated for one inference in steady state: {Median(rates, r => r.Bytes):F3} bytes.");
        report.AppendLine(CultureInfo.InvariantCulture, $"- Bare loop by batch size: {string.Join(", ", sizes.Select(s => $"{s.Batch}: {s.Rate:N0}"))}.");
        return report.ToString();
    }

    private static void AppendLine(
        StringBuilder report, string name, List<Rates> rates, Func<Rates, double> of, Func<Rates, double> cpu, Func<Rates, double> bare, Func<Rates, double> bareCpu)
    {
        var cpuCells = double.IsNaN(cpu(rates[0])) ? "| |" : string.Create(
            CultureInfo.InvariantCulture, $"{Median(rates, cpu):F2} | {Median(rates, bareCpu) / Median(rates, cpu):P0} |");
        report.AppendLine(
            CultureInfo.InvariantCulture, $"| {name} | {Median(rates, of):N0} | {Median(rates, of) / Median(rates, bare):P0} | {cpuCells} {rates.Min(of):N0} to {rates.Max(of):N0} |");
    }

    private static double Median(List<Rates> rates, Func<Rates, double> of) => rates.Select(of).Order().ElementAt(rates.Count / 2);

    private sealed record Rates(
        double Bare, double BareCpu, double Pool, double PoolCpu, double Bytes, double BareHistories, double BareHistoriesCpu, double PoolHistories,
        double PoolHistoriesCpu, double Node);
}
