using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Domain.Tests.Segments;

public sealed class SegmentSpaceTests
{
    [Fact]
    public void Projection_of_a_log_column_is_the_standardised_signed_logarithm()
    {
        var space = new SegmentSpace([SegmentSamples.Column("monetary", 2, 0.5) with { Weight = 0.5f }]);

        Assert.Equal((Math.Log(1 + 20) - 2) / 0.5 * 0.5, Project(space, ("monetary", 20))[0], 5);
        Assert.Equal(-4 * 0.5, Project(space, ("monetary", -1e6))[0], 5);
    }

    [Fact]
    public void Projection_of_an_extreme_value_is_clipped()
    {
        var space = new SegmentSpace([SegmentSamples.Column("monetary", 2, 0.5) with { Clip = 3 }]);

        Assert.Equal(3, Project(space, ("monetary", 1e30))[0], 5);
        Assert.Equal(3, Project(space, ("monetary", double.PositiveInfinity))[0], 5);
    }

    [Fact]
    public void Projection_of_a_value_that_is_not_a_number_sits_at_the_mean()
    {
        var space = new SegmentSpace([SegmentSamples.Column("monetary", 2, 0.5), SegmentSamples.Column("frequency", 0, 1, isLog: false)]);

        Assert.Equal([0, 1], Project(space, ("monetary", double.NaN), ("frequency", 1)));
    }

    [Fact]
    public void Projection_of_more_columns_than_a_register_holds_takes_each_from_its_place()
    {
        string[] features = ["recencyDays", "frequency", "monetary", "tenureDays", "averageOrderValue", "basketUnits", "unitPrice", "refundShare",
            "views", "searches", "cartAdds", "checkouts", "events", "distinctProducts", "distinctCategories", "basketLines", "orderGapDays"];
        var space = new SegmentSpace([.. features.Select(feature => SegmentSamples.Column(feature, 0, 10, isLog: false))]);

        var point = Project(space, [.. features.Select((feature, i) => (feature, (double)i))]);

        Assert.All(point, (coordinate, i) => Assert.Equal(i / 10.0, coordinate, 5));
    }

    [Fact]
    public void Space_of_a_column_without_scale_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new SegmentSpace([SegmentSamples.Column("monetary", 2, 0)]));
        Assert.Throws<ArgumentException>(() => new SegmentSpace([]));
    }

    private static float[] Project(SegmentSpace space, params (string Feature, double Value)[] values)
    {
        var point = new float[space.Dimensions];
        space.Project(SegmentSamples.Vector(values), point);
        return point;
    }
}
