namespace CustomerSegmentation.Domain.Audiences;

/// <summary>What a condition asks of a trait.</summary>
internal abstract class TraitTest
{
    /// <param name="text">The trait's value; null when absent.</param>
    /// <param name="number">The value as a number; null when it is none.</param>
    public abstract bool Holds(string? text, double? number);

    internal sealed class Exists(bool wanted) : TraitTest
    {
        public override bool Holds(string? text, double? number) => text is not null == wanted;
    }

    internal sealed class Contains(string part) : TraitTest
    {
        public override bool Holds(string? text, double? number) => text is not null && text.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    internal sealed class OneOf(IReadOnlyList<TraitTest> any) : TraitTest
    {
        public override bool Holds(string? text, double? number) => any.Any(test => test.Holds(text, number));
    }

    internal sealed class EqualsText(string value, bool wanted) : TraitTest
    {
        public override bool Holds(string? text, double? number) => string.Equals(text, value, StringComparison.Ordinal) == wanted;
    }

    internal sealed class ComparesNumber(Comparison comparison, double value) : TraitTest
    {
        public override bool Holds(string? text, double? number) =>
            number is { } known ? comparison.Holds(known, value) : comparison == Comparison.NotEqual;
    }
}
