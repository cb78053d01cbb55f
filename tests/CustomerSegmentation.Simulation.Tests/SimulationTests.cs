using System.Globalization;
using Xunit.Abstractions;

namespace CustomerSegmentation.Simulation.Tests;

/// <summary>
/// Runs of the shop under faults, on all cores. SEGMENTATION_SIMULATION_RUNS sets how many seeds are tried, SEGMENTATION_SIMULATION_SEED replays one, or
/// with both is the first.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int RunsByDefault = 3_000;
    private const int FailuresShown = 40;

    [Fact]
    public void Promises_hold_under_faults_for_every_seed()
    {
        var one = Number("SEGMENTATION_SIMULATION_SEED");
        var first = one ?? 1;
        var count = Number("SEGMENTATION_SIMULATION_RUNS") ?? (one is null ? RunsByDefault : 1);
        var failures = new SortedDictionary<int, string>();
        long steps = 0, acknowledged = 0, published = 0;
        var next = first - 1;
        var threads = Enumerable.Range(0, Math.Min(Environment.ProcessorCount, count)).Select(_ => new Thread(RunSeeds)).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.True(
            failures.Count == 0,
            $"{failures.Count} of {count} seeds fail; each replays:\n{string.Join('\n', failures.Values.Take(FailuresShown))}");
        output.WriteLine($"{count} runs, {steps} steps, {acknowledged} events acknowledged, {published} publications checked");

        void RunSeeds()
        {
            while (Interlocked.Increment(ref next) is var seed && seed < first + count)
            {
                try
                {
                    var run = Simulation.Run(seed);
                    Interlocked.Add(ref steps, run.Steps);
                    Interlocked.Add(ref acknowledged, run.Acknowledged);
                    Interlocked.Add(ref published, run.Published);
                }
                catch (Exception e)
                {
                    lock (failures)
                    {
                        failures.Add(seed, $"SEGMENTATION_SIMULATION_SEED={seed}: {(count == 1 ? e.ToString() : e.Message)}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Seed_run_twice_goes_the_same_way()
    {
        for (var seed = 1; seed <= 30; seed++)
        {
            var (first, second) = (Simulation.Run(seed), Simulation.Run(seed));

            Assert.Equal((first.Steps, first.Acknowledged, first.Published), (second.Steps, second.Acknowledged, second.Published));
        }
    }

    private static int? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : null;
}
