using CustomerSegmentation.Domain.Segments;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Domain.Tests.Segments;

public sealed class SegmentationTests
{
    private static readonly Arbitrary<(double Recency, double Orders)> Customers =
        (from recency in Gen.Choose(0, 4_000) from orders in Gen.Choose(0, 60) select (recency / 10.0, (double)orders)).ToArbitrary();

    [Fact]
    public void Assign_without_a_current_segment_takes_the_nearest()
    {
        var segmentation = SegmentSamples.ThreeSegments();

        Assert.Equal("active", Key(segmentation, null, recency: 2, orders: 8));
        Assert.Equal("lapsing", Key(segmentation, null, recency: 60, orders: 8));
        Assert.Equal("occasional", Key(segmentation, null, recency: 60, orders: 1));
        Assert.Equal("active", Key(segmentation, "unknown", recency: 2, orders: 8));
    }

    [Fact]
    public void Assign_keeps_the_current_segment_until_another_is_nearer_by_the_margin()
    {
        var segmentation = SegmentSamples.ThreeSegments(stayMargin: 0.2f);
        var features = SegmentSamples.Vector(("recencyDays", 16), ("frequency", 5));
        var distances = new float[3];
        segmentation.SquaredDistances(features, distances);

        // The point lies between active and lapsing, nearer to lapsing by less than the margin.
        Assert.InRange(distances[1] / distances[0], 0.8, 0.9999);
        Assert.Equal(1, segmentation.Assign(features, null).Index);
        Assert.Equal(0, segmentation.Assign(features, "active").Index);
        Assert.Equal(1, segmentation.Assign(features, "lapsing").Index);
    }

    [Fact]
    public void Assign_repeated_with_its_own_answer_never_changes_it()
    {
        var segmentation = SegmentSamples.ThreeSegments();

        Prop.ForAll(Customers, Gen.Choose(-1, 2).ToArbitrary(), (customer, current) =>
        {
            var features = SegmentSamples.Vector(("recencyDays", customer.Recency), ("frequency", customer.Orders));
            var choice = segmentation.Assign(features, current);
            return segmentation.Assign(features, choice.Index) == choice;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Assign_does_not_flicker_when_features_jitter_around_a_border()
    {
        var segmentation = SegmentSamples.ThreeSegments(stayMargin: 0.1f);
        var random = new Random(5);

        // The border between active and lapsing is at a recency where both distances are equal; the jitter is small beside the margin.
        var border = Math.Exp(3 - 0.2) - 1;
        var current = segmentation.Assign(SegmentSamples.Vector(("recencyDays", border), ("frequency", 5)), null).Index;
        var changes = 0;
        for (var i = 0; i < 1_000; i++)
        {
            var recency = border * (1 + (0.02 * (random.NextDouble() - 0.5)));
            var next = segmentation.Assign(SegmentSamples.Vector(("recencyDays", recency), ("frequency", 5)), current).Index;
            changes += next == current ? 0 : 1;
            current = next;
        }

        Assert.Equal(0, changes);
    }

    [Fact]
    public void Probabilities_of_all_segments_add_up_to_one_and_order_by_distance()
    {
        var segmentation = SegmentSamples.ThreeSegments();

        Prop.ForAll(Customers, customer =>
        {
            var features = SegmentSamples.Vector(("recencyDays", customer.Recency), ("frequency", customer.Orders));
            var nearest = segmentation.Assign(features, null);

            // A full margin keeps everybody where they are, so each segment's own probability can be asked for.
            var stay = SegmentSamples.ThreeSegments(stayMargin: 0.999999f);
            var kept = Enumerable.Range(0, 3).Select(i => stay.Assign(features, i)).Where((choice, i) => choice.Index == i).ToArray();
            var sum = kept.Sum(choice => choice.Probability);
            return (kept.Length < 3 || Math.Abs(sum - 1) < 1e-4)
                && nearest.Probability >= nearest.RunnerUpProbability
                && nearest.Probability is > 0 and <= 1
                && nearest.RunnerUp != nearest.Index;
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Probability_of_a_single_segment_is_one_without_a_runner_up()
    {
        var segmentation = new Segmentation(
            1, "h", new SegmentSpace([SegmentSamples.Column("frequency", 0, 1)]), [SegmentSamples.Segment("all", 0)], 1);

        Assert.Equal(new SegmentChoice(0, 1, -1, 0), segmentation.Assign(SegmentSamples.Vector(("frequency", 9)), null));
    }

    [Fact]
    public void Assign_and_forecast_allocate_nothing()
    {
        var segmentation = SegmentSamples.ThreeSegments();
        var features = SegmentSamples.Vector(("recencyDays", 2), ("frequency", 8));
        var choice = segmentation.Assign(features, "active");
        segmentation.NextCheckMs(features, SegmentSamples.NowMs, choice);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
        {
            choice = segmentation.Assign(features, "active");
            segmentation.NextCheckMs(features, SegmentSamples.NowMs, choice);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Segmentation_whose_parts_do_not_fit_is_refused()
    {
        var space = new SegmentSpace([SegmentSamples.Column("frequency", 0, 1)]);

        Assert.Throws<ArgumentException>(() => new Segmentation(1, "h", space, [], 1));
        Assert.Throws<ArgumentException>(() => new Segmentation(1, "h", space, [SegmentSamples.Segment("a", 0, 1)], 1));
        Assert.Throws<ArgumentException>(() => new Segmentation(1, "h", space, [SegmentSamples.Segment("a", 0), SegmentSamples.Segment("a", 1)], 1));
        Assert.Throws<ArgumentException>(() => new Segmentation(1, "h", space, [SegmentSamples.Segment("a", 0)], 0));
    }

    private static string Key(Segmentation segmentation, string? current, double recency, double orders) =>
        segmentation.Segments[segmentation.Assign(SegmentSamples.Vector(("recencyDays", recency), ("frequency", orders)), current).Index].Key;
}
