using CustomerSegmentation.Learning.Clustering;
using CustomerSegmentation.Learning.Evaluation;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Learning.Tests.Clustering;

public class KMeansTests
{
    [Theory]
    [InlineData(3_000, 2, 3)]
    [InlineData(5_000, 17, 8)]
    [InlineData(4_001, 64, 16)]
    [InlineData(6_000, 9, 40)]
    public void Fit_on_separated_clusters_recovers_them(int rows, int columns, int clusters)
    {
        var planted = Planted.Clusters(rows, columns, clusters, columns < 5 ? 300 : 60, seed: clusters);

        var model = KMeans.Fit(planted.Data, new KMeansOptions { ClusterCount = clusters, Seed = 7, Starts = 8 });

        Assert.True(AdjustedRandIndex.Score(planted.Truth, model.Labels.Span) > 0.999);
        Assert.True(model.Converged);
    }

    [Fact]
    public void Fit_far_from_the_origin_keeps_its_precision()
    {
        var near = Planted.Clusters(2_000, 8, 5, 30, seed: 3);
        var far = Planted.Clusters(2_000, 8, 5, 30, seed: 3, offset: 20_000);

        var model = KMeans.Fit(far.Data, new KMeansOptions { ClusterCount = 5 });

        Assert.True(AdjustedRandIndex.Score(near.Truth, model.Labels.Span) > 0.999);
        Assert.InRange(model.Inertia / KMeans.Fit(near.Data, new KMeansOptions { ClusterCount = 5 }).Inertia, 0.999, 1.001);
    }

    [Theory]
    [InlineData(20_000, 13, 6)]
    [InlineData(9_000, 40, 35)]
    public void Fit_with_any_degree_of_parallelism_gives_the_same_result(int rows, int columns, int clusters)
    {
        var data = Planted.Clusters(rows, columns, clusters, 4, seed: 11).Data;
        var options = new KMeansOptions { ClusterCount = clusters, Seed = 5, Starts = 2, IterationsMax = 15 };

        var single = KMeans.Fit(data, options with { DegreeOfParallelism = 1 });

        foreach (var threads in (int[])[2, 3, 7])
        {
            var parallel = KMeans.Fit(data, options with { DegreeOfParallelism = threads });
            Assert.Equal(single.Centroids.Values.ToArray(), parallel.Centroids.Values.ToArray());
            Assert.Equal(single.Labels.ToArray(), parallel.Labels.ToArray());
            Assert.Equal(single.Inertia, parallel.Inertia);
        }
    }

    [Fact]
    public void Fit_with_one_thread_stays_on_the_calling_thread()
    {
        var data = Planted.Clusters(10_000, 4, 3, 30, seed: 1).Data;
        var threads = new HashSet<int>();
        var progress = new Callback<KMeansProgress>(_ => threads.Add(Environment.CurrentManagedThreadId));

        KMeans.Fit(data, new KMeansOptions { ClusterCount = 3, DegreeOfParallelism = 1 }, progress);

        Assert.Equal([Environment.CurrentManagedThreadId], threads);
    }

    [Fact]
    public void Fit_assigns_every_row_to_its_nearest_centroid()
    {
        var data = Planted.Clusters(3_003, 5, 20, 6, seed: 2).Data;

        var model = KMeans.Fit(data, new KMeansOptions { ClusterCount = 20, Starts = 1, IterationsMax = 3 });

        var inertia = 0.0;
        for (var row = 0; row < data.Rows; row++)
        {
            var distances = Enumerable.Range(0, 20).Select(c => Distance(data.Row(row), model.Centroids.Row(c))).ToArray();
            Assert.InRange(distances[model.Labels.Span[row]], 0, distances.Min() + 1e-4);
            inertia += distances[model.Labels.Span[row]];
        }

        Assert.InRange(model.Inertia / inertia, 1 - 1e-5, 1 + 1e-5);
        Assert.Equal(data.Rows, model.Sizes.Sum());
    }

    [Fact]
    public void Fit_at_convergence_puts_centroids_at_the_means_of_their_rows()
    {
        var data = Planted.Clusters(2_000, 6, 4, 20, seed: 4).Data;

        var model = KMeans.Fit(data, new KMeansOptions { ClusterCount = 4, Tolerance = 0 });

        Assert.True(model.Converged);
        for (var c = 0; c < 4; c++)
        {
            var members = Enumerable.Range(0, data.Rows).Where(row => model.Labels.Span[row] == c).ToArray();
            for (var j = 0; j < data.Columns; j++)
            {
                Assert.Equal(members.Average(row => (double)data[row, j]), model.Centroids[c, j], 1e-4);
            }
        }
    }

    [Fact]
    public void Fit_never_raises_the_inertia_with_more_iterations()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<PositiveInt>(),
            seed =>
            {
                var data = Planted.Clusters(400, 3, 6, 5, seed.Get).Data;
                var previous = double.PositiveInfinity;
                for (var iterations = 1; iterations < 12; iterations++)
                {
                    var options = new KMeansOptions { ClusterCount = 6, Starts = 1, IterationsMax = iterations, Tolerance = 0 };
                    var inertia = KMeans.Fit(data, options).Inertia;
                    Assert.True(inertia <= previous * (1 + 1e-6));
                    previous = inertia;
                }
            }).Check(Config.QuickThrowOnFailure.WithMaxTest(25));
    }

    [Fact]
    public void Fit_with_initial_centroids_far_from_all_rows_fills_the_empty_clusters()
    {
        var planted = Planted.Clusters(4_000, 3, 4, 200, seed: 8);
        var initial = Matrix.FromRows([[0, 0, 0], [1e4f, 0, 0], [0, 1e4f, 0], [0, 0, 1e4f]]);

        var model = KMeans.Fit(planted.Data, new KMeansOptions { ClusterCount = 4, InitialCentroids = initial });

        Assert.DoesNotContain(0, model.Sizes);
        Assert.Equal(1, AdjustedRandIndex.Score(planted.Truth, model.Labels.Span), 3);
    }

    [Fact]
    public void Fit_after_one_iteration_from_far_centroids_leaves_no_cluster_empty()
    {
        var data = Planted.Clusters(1_000, 2, 1, 0, seed: 9).Data;
        var initial = Matrix.FromRows([.. Enumerable.Range(1, 12).Select(i => new[] { 1000f * i, 0f })]);

        var model = KMeans.Fit(data, new KMeansOptions { ClusterCount = 12, InitialCentroids = initial, IterationsMax = 1 });

        Assert.DoesNotContain(0, model.Sizes);
    }

    [Fact]
    public void Fit_on_equal_rows_gives_zero_inertia_and_one_cluster_with_rows()
    {
        var data = new Matrix(Enumerable.Repeat(0.1f, 3_000 * 7).ToArray(), 3_000, 7);

        var model = KMeans.Fit(data, new KMeansOptions { ClusterCount = 5 });

        Assert.Equal(0, model.Inertia, 6);
        Assert.Single(model.Sizes, size => size > 0);
        Assert.All(model.Centroids.Values.ToArray(), value => Assert.Equal(0.1f, value, 1e-6f));
    }

    [Fact]
    public void Fit_with_more_clusters_than_distinct_rows_finds_each_distinct_row()
    {
        var rows = Enumerable.Range(0, 900).Select(i => new[] { i % 3 * 10f, i % 3 }).ToArray();

        var model = KMeans.Fit(Matrix.FromRows(rows), new KMeansOptions { ClusterCount = 8 });

        Assert.Equal(0, model.Inertia, 6);
        Assert.Equal(3, model.Sizes.Count(size => size > 0));
        Assert.Equal(900, model.Sizes.Sum());
    }

    [Fact]
    public void Fit_with_as_many_clusters_as_rows_gives_each_row_its_own()
    {
        var data = Planted.Clusters(50, 4, 50, 100, seed: 6).Data;

        var model = KMeans.Fit(data, new KMeansOptions { ClusterCount = 50, Starts = 1 });

        Assert.All(model.Sizes, size => Assert.Equal(1, size));
        Assert.Equal(0, model.Inertia, 3);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e30f)]
    public void Fit_on_a_value_without_distances_names_its_place(float value)
    {
        var values = new float[5_000 * 9];
        values[(4_321 * 9) + 7] = value;

        var error = Assert.Throws<InvalidMatrixException>(
            () => KMeans.Fit(new Matrix(values, 5_000, 9), new KMeansOptions { ClusterCount = 2 }));

        Assert.Equal((4_321, 7, value), (error.Row, error.Column, error.Value));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.NegativeInfinity)]
    [InlineData(1e25f)]
    public void Fit_with_initial_centroids_without_distances_names_the_place(float value)
    {
        var data = Planted.Clusters(100, 2, 2, 9, seed: 1).Data;
        var initial = Matrix.FromRows([[0, value], [0, value]]);

        var error = Assert.Throws<InvalidMatrixException>(
            () => KMeans.Fit(data, new KMeansOptions { ClusterCount = 2, InitialCentroids = initial }));

        Assert.Equal((0, 1), (error.Row, error.Column));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    public void Fit_with_an_impossible_number_of_clusters_is_refused(int clusters)
    {
        var data = Planted.Clusters(10, 2, 2, 9, seed: 1).Data;

        Assert.Throws<ArgumentOutOfRangeException>(() => KMeans.Fit(data, new KMeansOptions { ClusterCount = clusters }));
    }

    [Fact]
    public void Fit_cancelled_before_it_starts_throws()
    {
        var data = Planted.Clusters(100, 2, 2, 9, seed: 1).Data;

        Assert.Throws<OperationCanceledException>(
            () => KMeans.Fit(data, new KMeansOptions { ClusterCount = 2 }, null, new CancellationToken(canceled: true)));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Fit_cancelled_at_an_iteration_goes_no_further(int threads)
    {
        var data = Planted.Clusters(5_000, 8, 10, 3, seed: 1).Data;
        using var cancellation = new CancellationTokenSource();
        var iterations = 0;
        var progress = new Callback<KMeansProgress>(_ =>
        {
            if (++iterations == 2)
            {
                cancellation.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(() => KMeans.Fit(
            data, new KMeansOptions { ClusterCount = 10, Tolerance = 0, DegreeOfParallelism = threads }, progress, cancellation.Token));
        Assert.Equal(2, iterations);
    }

    [Fact]
    public void Fit_reports_starts_and_iterations_in_order()
    {
        var data = Planted.Clusters(2_000, 3, 4, 8, seed: 1).Data;
        var reports = new List<KMeansProgress>();

        KMeans.Fit(data, new KMeansOptions { ClusterCount = 4, Starts = 3 }, new Callback<KMeansProgress>(reports.Add));

        Assert.Equal([1, 2, 3], reports.Select(r => r.Start).Distinct());
        Assert.All(reports.GroupBy(r => r.Start), start => Assert.Equal(Enumerable.Range(1, start.Count()), start.Select(r => r.Iteration)));
        Assert.All(reports, r => Assert.Equal(3, r.Starts));
    }

    [Fact]
    public void Fit_with_more_starts_is_no_worse()
    {
        var data = Planted.Clusters(3_000, 4, 15, 12, seed: 21).Data;

        var one = KMeans.Fit(data, new KMeansOptions { ClusterCount = 15, Starts = 1, Seed = 2 });
        var ten = KMeans.Fit(data, new KMeansOptions { ClusterCount = 15, Starts = 10, Seed = 2 });

        Assert.True(ten.Inertia <= one.Inertia);
    }

    private static double Distance(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        var sum = 0.0;
        for (var j = 0; j < a.Length; j++)
        {
            sum += ((double)a[j] - b[j]) * ((double)a[j] - b[j]);
        }

        return sum;
    }
}
