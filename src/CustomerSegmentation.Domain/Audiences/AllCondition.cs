namespace CustomerSegmentation.Domain.Audiences;

/// <summary><c>{"all": […]}</c>: every part holds.</summary>
internal sealed class AllCondition(IReadOnlyList<Condition> parts) : Condition
{
    public override bool Holds(in AudienceContext context, long timeMs)
    {
        foreach (var part in parts)
        {
            if (!part.Holds(context, timeMs))
            {
                return false;
            }
        }

        return true;
    }

    public override long NextFlipMs(in AudienceContext context, long afterMs) => EarliestFlipMs(parts, context, afterMs);

    internal static long EarliestFlipMs(IReadOnlyList<Condition> parts, in AudienceContext context, long afterMs)
    {
        var earliest = long.MaxValue;
        foreach (var part in parts)
        {
            earliest = Math.Min(earliest, part.NextFlipMs(context, afterMs));
        }

        return earliest;
    }
}
