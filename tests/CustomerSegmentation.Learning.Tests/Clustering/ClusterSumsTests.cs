using CustomerSegmentation.Learning.Clustering;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Learning.Tests.Clustering;

public class ClusterSumsTests
{
    /// <summary>Small whole numbers, so that rows often lie between two centroids, and sums have no rounding to hide behind.</summary>
    [Fact]
    public void Sums_of_the_parts_of_any_partition_equal_those_of_the_whole()
    {
        var shapes = from columns in Gen.Choose(1, 40)
            from rows in Gen.Choose(0, 60)
            from values in Gen.Choose(-3, 3).ListOf(rows * columns)
            from centroids in Gen.Choose(-3, 3).ListOf(4 * columns)
            from owners in Gen.Choose(0, 4).ListOf(rows)
            select (columns, values: values.Select(v => (float)v).ToArray(), centroids: centroids.Select(v => (float)v).ToArray(), owners);

        Prop.ForAll(Arb.From(shapes), shape =>
        {
            var data = new Matrix(shape.values, shape.owners.Count, shape.columns);
            var centroids = new Matrix(shape.centroids, 4, shape.columns);
            var whole = new ClusterSums(4, shape.columns);
            whole.AddRows(data, centroids);

            var together = new ClusterSums(4, shape.columns);
            for (var owner = 4; owner >= 0; owner--)
            {
                var part = new ClusterSums(4, shape.columns);
                part.AddRows(data.SelectRows([.. shape.owners.Index().Where(o => o.Item == owner).Select(o => o.Index)]), centroids);
                together.Add(part);
            }

            return whole.Counts.SequenceEqual(together.Counts) && whole.Sums.SequenceEqual(together.Sums) && whole.Inertia == together.Inertia
                && whole.Rows == data.Rows;
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(100)]
    public void Lloyds_iteration_in_parts_ends_where_that_of_the_whole_does(int parts)
    {
        var planted = Planted.Clusters(3_000, 13, 6, 6, seed: parts);
        var start = planted.Data.SelectRows([0, 1, 2, 3, 4, 5]);

        var expected = KMeans.Fit(planted.Data, new KMeansOptions { ClusterCount = 6, InitialCentroids = start, IterationsMax = 500, Tolerance = 0 });
        var centroids = start;
        var inertia = 0.0;
        for (var shift = 1.0; shift > 0;)
        {
            var sums = new ClusterSums(6, 13);
            for (var part = 0; part < parts; part++)
            {
                var own = new ClusterSums(6, 13);
                own.AddRows(planted.Data.SelectRows([.. Enumerable.Range(0, 3_000).Where(row => row % parts == part)]), centroids);
                sums.Add(own);
            }

            inertia = sums.Inertia;
            centroids = sums.Move(centroids, out shift);
        }

        Assert.Equal(expected.Inertia, inertia, expected.Inertia * 1e-6);
        for (var i = 0; i < centroids.Values.Length; i++)
        {
            Assert.Equal(expected.Centroids.Values.Span[i], centroids.Values.Span[i], 1e-3);
        }
    }

    [Fact]
    public void Centroid_without_rows_stays()
    {
        var sums = new ClusterSums(2, 2);
        sums.AddRows(new Matrix(new float[] { 1, 1, 3, 3 }, 2, 2), new Matrix(new float[] { 0, 0, 100, 100 }, 2, 2));

        var moved = sums.Move(new Matrix(new float[] { 0, 0, 100, 100 }, 2, 2), out var shift);

        Assert.Equal([2, 2, 100, 100], moved.Values.ToArray());
        Assert.Equal(8, shift);
        Assert.Equal((2L, 20.0), (sums.Rows, sums.Inertia));
    }

    [Fact]
    public void Shapes_that_do_not_fit_are_refused()
    {
        var sums = new ClusterSums(2, 3);

        Assert.Throws<ArgumentException>(() => sums.Add(new ClusterSums(3, 2)));
        Assert.Throws<ArgumentException>(() => sums.AddRows(new Matrix(new float[4], 2, 2), new Matrix(new float[6], 2, 3)));
        Assert.Throws<ArgumentException>(() => sums.Move(new Matrix(new float[4], 2, 2), out _));
        Assert.Throws<ArgumentException>(() => new ClusterSums(new long[2], new double[3], 0));
    }
}
