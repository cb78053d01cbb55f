namespace CustomerSegmentation.Domain.Segments;

/// <summary>A name in the vocabulary: what such a segment is like, and what a shop does for it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Prototype">Effects that such a segment typically has; axes not named here are expected near zero, but count less.</param>
/// <param name="Fits">What must be so in absolute terms.</param>
/// <param name="Advice">One sentence.</param>
internal sealed record SegmentWord(
    string Name, IReadOnlyDictionary<SegmentAxis, double> Prototype, Func<SegmentFacts, bool> Fits, string Advice)
{
    private const double OtherAxisWeight = 0.25;
    private const double MisfitCost = 5;

    /// <summary>How badly the name fits; 0 is perfect.</summary>
    public double Cost(SegmentFacts facts)
    {
        var cost = Fits(facts) ? 0 : MisfitCost;
        foreach (var axis in Enum.GetValues<SegmentAxis>())
        {
            var named = Prototype.TryGetValue(axis, out var expected);
            var difference = facts[axis] - expected;
            cost += (named ? 1 : OtherAxisWeight) * difference * difference;
        }

        return cost;
    }
}
