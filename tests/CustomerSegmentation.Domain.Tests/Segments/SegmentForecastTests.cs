using CustomerSegmentation.Domain.Segments;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Domain.Tests.Segments;

public sealed class SegmentForecastTests
{
    [Fact]
    public void NextCheck_is_when_the_segment_changes_and_not_before()
    {
        var segmentation = SegmentSamples.ThreeSegments();
        var customers = (from recency in Gen.Choose(0, 400) from orders in Gen.Choose(1, 40) select (recency / 10.0, (double)orders)).ToArbitrary();

        Prop.ForAll(customers, customer =>
        {
            var features = SegmentSamples.Vector(("recencyDays", customer.Item1), ("frequency", customer.Item2));
            var choice = segmentation.Assign(features, null);
            var next = segmentation.NextCheckMs(features, SegmentSamples.NowMs, choice);
            if (next == long.MaxValue)
            {
                return Index(segmentation, features, SegmentForecast.HorizonDays * SegmentSamples.DayMs, choice.Index) == choice.Index;
            }

            // Aging recency alone moves a point along one line: there is one border, so what is kept at each earlier day was never left.
            var ahead = next - SegmentSamples.NowMs;
            var slack = Math.Max(SegmentSamples.DayMs / 12, ahead / 100);
            return Index(segmentation, features, ahead, choice.Index) != choice.Index
                && Enumerable.Range(0, 50).All(i => Index(segmentation, features, (ahead - slack) * i / 50, choice.Index) == choice.Index);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void NextCheck_of_a_customer_whom_time_takes_nowhere_is_never()
    {
        var segmentation = SegmentSamples.ThreeSegments();
        var features = SegmentSamples.Vector(("recencyDays", 300), ("frequency", 1));

        Assert.Equal(long.MaxValue, segmentation.NextCheckMs(features, SegmentSamples.NowMs, segmentation.Assign(features, null)));
    }

    private static int Index(Segmentation segmentation, float[] features, long laterMs, int current)
    {
        var aged = features.ToArray();
        SegmentSamples.Schema.Age(aged, SegmentSamples.NowMs, SegmentSamples.NowMs + laterMs);
        return segmentation.Assign(aged, current).Index;
    }
}
