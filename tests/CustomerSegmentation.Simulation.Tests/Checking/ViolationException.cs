namespace CustomerSegmentation.Simulation.Tests.Checking;

/// <summary>An invariant does not hold.</summary>
internal sealed class ViolationException(Invariant invariant, string what) : Exception($"{invariant}: {what}")
{
    public Invariant Invariant { get; } = invariant;

    public static void ThrowUnless(bool holds, Invariant invariant, Func<string> what)
    {
        if (!holds)
        {
            throw new ViolationException(invariant, what());
        }
    }
}
