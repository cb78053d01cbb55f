namespace CustomerSegmentation.Domain.Tests.Segments;

public sealed class SegmentExplainerTests
{
    [Fact]
    public void Explanation_names_the_features_that_decide_with_their_values()
    {
        var segmentation = SegmentSamples.ThreeSegments();
        var features = SegmentSamples.Vector(("recencyDays", 4), ("frequency", 8));
        var choice = segmentation.Assign(features, null);

        var contributions = segmentation.Explain(features, choice, out var text);

        Assert.Equal("recencyDays", contributions[0].Feature);
        Assert.Equal(4, contributions[0].Value);
        Assert.Equal(20, contributions[0].Typical);
        Assert.True(contributions[0].Weight > 0);
        Assert.Equal("Active rather than Lapsing because of time since the last order 4 days (typically 20 days).", text);
    }

    [Fact]
    public void Explanation_says_what_speaks_against_the_segment()
    {
        var segmentation = SegmentSamples.ThreeSegments();
        var features = SegmentSamples.Vector(("recencyDays", 150), ("frequency", 3));
        var choice = segmentation.Assign(features, "lapsing") with { Index = 2, RunnerUp = 0 };

        segmentation.Explain(features, choice, out var text);

        Assert.StartsWith("Occasional rather than Active because of time since the last order 150 days", text, StringComparison.Ordinal);
        Assert.EndsWith("Orders 3 (typically 2) would fit Active better.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_an_explanation_add_up_to_one_without_their_signs()
    {
        var segmentation = SegmentSamples.ThreeSegments();
        var features = SegmentSamples.Vector(("recencyDays", 40), ("frequency", 3));

        var contributions = segmentation.Explain(features, segmentation.Assign(features, null), out _);

        Assert.Equal(1, contributions.Sum(contribution => Math.Abs(contribution.Weight)), 6);
    }
}
