namespace CustomerSegmentation.Domain.Audiences;

/// <summary><c>{"any": […]}</c>: at least one part holds.</summary>
internal sealed class AnyCondition(IReadOnlyList<Condition> parts) : Condition
{
    public override bool Holds(in AudienceContext context, long timeMs)
    {
        foreach (var part in parts)
        {
            if (part.Holds(context, timeMs))
            {
                return true;
            }
        }

        return false;
    }

    public override long NextFlipMs(in AudienceContext context, long afterMs) => AllCondition.EarliestFlipMs(parts, context, afterMs);
}
