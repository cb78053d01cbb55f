using Xunit.Abstractions;

namespace CustomerSegmentation.Crash.Tests;

/// <summary>Seeds of the random moments and the random load.</summary>
internal static class Seeds
{
    private const string Variable = "SEGMENTATION_CRASH_SEED";

    /// <summary>The seed that the environment names, or another one at each run; printed.</summary>
    public static int Next(ITestOutputHelper output)
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable(Variable), out var named) ? named : Guid.NewGuid().GetHashCode() & 0xffff;
        output.WriteLine($"{Variable}={seed}");
        return seed;
    }
}
