namespace CustomerSegmentation.Domain.Audiences;

/// <summary><c>{"not": …}</c>: the part does not hold.</summary>
internal sealed class NotCondition(Condition part) : Condition
{
    public override bool Holds(in AudienceContext context, long timeMs) => !part.Holds(context, timeMs);

    public override long NextFlipMs(in AudienceContext context, long afterMs) => part.NextFlipMs(context, afterMs);
}
