namespace CustomerSegmentation.Domain.Audiences;

/// <summary>A node of a rule.</summary>
internal abstract class Condition
{
    /// <summary>Whether it holds at a time at or after the context's reference time.</summary>
    public abstract bool Holds(in AudienceContext context, long timeMs);

    /// <summary>
    /// The earliest time after <paramref name="afterMs"/> at which the truth of any condition in it changes by time alone; <see cref="long.MaxValue"/> for never.
    /// </summary>
    public abstract long NextFlipMs(in AudienceContext context, long afterMs);
}
