namespace CustomerSegmentation.Domain.Audiences;

/// <summary><c>{"segment": "champions"}</c> or <c>{"segment": {"in": […]}}</c>: the customer's segment is one of these.</summary>
internal sealed class SegmentCondition(IReadOnlySet<string> segments) : Condition
{
    public override bool Holds(in AudienceContext context, long timeMs) => context.Segment is not null && segments.Contains(context.Segment);

    public override long NextFlipMs(in AudienceContext context, long afterMs) => long.MaxValue;
}
