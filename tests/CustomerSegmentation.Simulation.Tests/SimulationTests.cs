using System.Globalization;
using Xunit.Abstractions;

namespace CustomerSegmentation.Simulation.Tests;

/// <summary>
/// Runs of the shop under faults. SEGMENTATION_SIMULATION_RUNS sets how many seeds are tried, SEGMENTATION_SIMULATION_SEED replays one.
/// </summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int RunsByDefault = 300;
    private const int FailuresShown = 40;

    [Fact]
    public void Promises_hold_under_faults_for_every_seed()
    {
        var one = Number("SEGMENTATION_SIMULATION_SEED");
        var first = one ?? 1;
        var count = one is null ? Number("SEGMENTATION_SIMULATION_RUNS") ?? RunsByDefault : 1;
        var failures = new List<string>();
        long steps = 0, acknowledged = 0, published = 0;
        for (var seed = first; seed < first + count; seed++)
        {
            try
            {
                var run = Simulation.Run(seed);
                steps += run.Steps;
                acknowledged += run.Acknowledged;
                published += run.Published;
            }
            catch (Exception e)
            {
                failures.Add($"SEGMENTATION_SIMULATION_SEED={seed}: {(count == 1 ? e.ToString() : e.Message)}");
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {count} seeds fail; each replays:\n{string.Join('\n', failures.Take(FailuresShown))}");
        output.WriteLine($"{count} runs, {steps} steps, {acknowledged} events acknowledged, {published} publications checked");
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
