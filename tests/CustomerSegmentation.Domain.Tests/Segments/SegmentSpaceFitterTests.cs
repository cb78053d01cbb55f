using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Domain.Tests.Segments;

public sealed class SegmentSpaceFitterTests
{
    private static readonly FeatureColumn[] Columns =
    [
        Column(0, "constant", FeatureScale.Linear),
        Column(1, "spread", FeatureScale.Linear),
        Column(2, "same", FeatureScale.Linear),
        Column(3, "tail", FeatureScale.Log),
        Column(4, "other", FeatureScale.Linear) with { InSegmentSpace = false },
    ];

    [Fact]
    public void Fit_leaves_out_constants_and_columns_that_are_not_meant_for_the_space()
    {
        var space = SegmentSpaceFitter.Fit(Columns, Rows(500), clip: 4)!;

        Assert.Equal(["spread", "same", "tail"], space.Columns.Select(column => column.Feature));
    }

    [Fact]
    public void Fit_lets_identical_columns_share_one_vote()
    {
        var space = SegmentSpaceFitter.Fit(Columns, Rows(500), clip: 4)!;

        Assert.Equal(1 / Math.Sqrt(2), space.Columns[0].Weight, 0.01);
        Assert.Equal(space.Columns[0].Weight, space.Columns[1].Weight, 3);
        Assert.Equal(1, space.Columns[2].Weight, 0.01);
    }

    [Fact]
    public void Fit_takes_its_scale_from_the_many_where_few_are_huge()
    {
        var rows = Rows(500);
        var huge = rows.Values.ToArray();
        huge[1] = 1e9f;
        var plain = SegmentSpaceFitter.Fit(Columns, rows, clip: 4)!;
        var tailed = SegmentSpaceFitter.Fit(Columns, rows with { Values = huge }, clip: 4)!;

        Assert.Equal(plain.Columns[0].Deviation, tailed.Columns[0].Deviation, 0.01);
        Assert.Equal(plain.Columns[0].Median, tailed.Columns[0].Median, 0.02);
    }

    [Fact]
    public void Fit_of_customers_who_are_all_alike_finds_no_space()
    {
        Assert.Null(SegmentSpaceFitter.Fit(Columns, new FeatureRows(new float[5 * 20], 20, 5), clip: 4));
        Assert.Null(SegmentSpaceFitter.Fit(Columns, new FeatureRows(ReadOnlyMemory<float>.Empty, 0, 5), clip: 4));
    }

    private static FeatureColumn Column(int index, string name, FeatureScale scale) =>
        new(index, name, "events", name, "test", FeatureAging.None, 0, scale, InSegmentSpace: true);

    private static FeatureRows Rows(int count)
    {
        var random = new Random(1);
        var values = new List<float>();
        for (var i = 0; i < count; i++)
        {
            var spread = random.NextSingle();
            values.AddRange([7, spread, spread, MathF.Exp(10 * random.NextSingle()), random.NextSingle()]);
        }

        return new FeatureRows(values.ToArray(), count, 5);
    }
}
