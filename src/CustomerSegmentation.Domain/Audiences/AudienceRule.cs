namespace CustomerSegmentation.Domain.Audiences;

/// <summary>A condition on a customer's features, traits and segment.</summary>
public sealed class AudienceRule
{
    /// <exception cref="FormatException">The text is no rule; the message gives the JSON path and why.</exception>
    public static AudienceRule Parse(string json) => throw new NotImplementedException();

    /// <summary>Whether the customer fits, at the context's reference time.</summary>
    public bool Evaluate(in AudienceContext context) => throw new NotImplementedException();

    /// <summary>The earliest time after <paramref name="nowMs"/> at which time alone can change the result; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDueMs(in AudienceContext context, long nowMs) => throw new NotImplementedException();
}
