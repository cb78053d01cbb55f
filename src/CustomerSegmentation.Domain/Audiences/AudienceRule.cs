namespace CustomerSegmentation.Domain.Audiences;

/// <summary>
/// A condition on a customer's features, traits and segment, given as JSON:
/// <c>{"all": […]}</c>, <c>{"any": […]}</c>, <c>{"not": …}</c>;
/// <c>{"feature": "recencyDays", "op": "&gt;", "value": 30}</c> with <c>= != &gt; &gt;= &lt; &lt;=</c> on any column of the feature schema;
/// <c>{"trait": "country", "op": "=", "value": "France"}</c> with these and <c>in</c> (a list), <c>exists</c> (true or false), <c>contains</c> (text);
/// <c>{"segment": "champions"}</c> or <c>{"segment": {"in": ["champions", "loyal"]}}</c>. Immutable and safe for many threads.
/// </summary>
public sealed class AudienceRule
{
    private readonly Condition _root;

    internal AudienceRule(Condition root) => _root = root;

    /// <exception cref="FormatException">The text is no rule; the message gives the JSON path and why.</exception>
    public static AudienceRule Parse(string json) => AudienceRuleParser.Parse(json);

    /// <summary>Whether the customer fits, at the context's reference time.</summary>
    public bool Evaluate(in AudienceContext context) => _root.Holds(context, context.AsOfMs);

    /// <summary>Whether the customer fits at a later time, should nothing happen until then.</summary>
    /// <param name="context">What is known, as of its reference time.</param>
    /// <param name="timeMs">At or after that time, milliseconds since 1970-01-01 UTC.</param>
    public bool HoldsAt(in AudienceContext context, long timeMs) => _root.Holds(context, timeMs);

    /// <summary>
    /// The earliest time after <paramref name="nowMs"/> at which time alone changes the result; <see cref="long.MaxValue"/> for never. Exact for the context's
    /// vector, whose rounding to floats moves it by up to one part in ten million of the days concerned (a second in four months). A fresh vector at the due
    /// time may be one float short of the flip; then it tells the next due time.
    /// </summary>
    /// <param name="context">What is known, as of its reference time.</param>
    /// <param name="nowMs">At or after the context's reference time.</param>
    public long NextDueMs(in AudienceContext context, long nowMs)
    {
        nowMs = Math.Max(nowMs, context.AsOfMs);
        var current = _root.Holds(context, nowMs);
        var flipMs = _root.NextFlipMs(context, nowMs);

        // A part's flip need not change the whole: go on to the next. Each part flips at most twice, so this ends.
        while (flipMs != long.MaxValue && _root.Holds(context, flipMs) == current)
        {
            flipMs = _root.NextFlipMs(context, flipMs);
        }

        return flipMs;
    }
}
