namespace CustomerSegmentation.Domain.Audiences;

/// <summary>
/// <c>{"trait": "country", "op": "=", "value": "France"}</c>. An absent trait fulfils <c>!=</c> only (and <c>exists</c> with the value false). Text is compared exactly
/// by <c>=</c>, <c>!=</c> and <c>in</c>, without regard to case by <c>contains</c>; numbers are compared as numbers.
/// </summary>
internal sealed class TraitCondition(string name, TraitTest test) : Condition
{
    public override bool Holds(in AudienceContext context, long timeMs) =>
        test.Holds(context.Traits?.Find(name), context.Traits?.FindNumber(name));

    public override long NextFlipMs(in AudienceContext context, long afterMs) => long.MaxValue;
}
