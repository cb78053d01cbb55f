using CustomerSegmentation.Learning.Clustering;

namespace CustomerSegmentation.Learning.Tests.Clustering;

public class ClusterCountSelectorTests
{
    [Theory]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(7)]
    public void Select_on_separated_clusters_finds_their_number(int clusters)
    {
        var data = Planted.Clusters(2_000, 6, clusters, 40, seed: clusters).Data;

        var selection = ClusterCountSelector.Select(data, new ClusterCountOptions { ClusterCountMax = 10, Starts = 6, SubsamplePairs = 4 });

        Assert.Equal(clusters, selection.ClusterCount);
        Assert.Equal(ClusterCountRule.BestSeparatedOfTheStable, selection.Rule);
        Assert.Equal(Enumerable.Range(2, 9), selection.Scores.Select(score => score.ClusterCount));
        var chosen = selection.Scores[clusters - 2];
        Assert.True(chosen.Stability > 0.99);
        Assert.True(chosen.Silhouette > 0.6);
        Assert.True(chosen.SmallestShare > 0.05);
    }

    [Fact]
    public void Select_on_one_blob_scores_many_clusters_as_unstable()
    {
        var data = Planted.Clusters(1_500, 8, 1, 0, seed: 4).Data;

        var selection = ClusterCountSelector.Select(data, new ClusterCountOptions { ClusterCountMin = 4, ClusterCountMax = 8 });

        Assert.Equal(ClusterCountRule.MostStable, selection.Rule);
        Assert.All(selection.Scores, score => Assert.True(score.Stability < 0.75 && score.Silhouette < 0.2));
    }

    [Fact]
    public void Select_inertia_falls_as_clusters_are_added()
    {
        var data = Planted.Clusters(1_000, 4, 5, 10, seed: 4).Data;

        var scores = ClusterCountSelector.Select(data, new ClusterCountOptions { ClusterCountMax = 7 }).Scores;

        Assert.All(scores.Zip(scores.Skip(1)), pair => Assert.True(pair.Second.Inertia < pair.First.Inertia));
    }

    [Fact]
    public void Select_with_any_degree_of_parallelism_is_the_same()
    {
        var data = Planted.Clusters(1_200, 5, 4, 9, seed: 2).Data;
        var options = new ClusterCountOptions { ClusterCountMax = 6, Seed = 3 };

        var single = ClusterCountSelector.Select(data, options with { DegreeOfParallelism = 1 });
        var parallel = ClusterCountSelector.Select(data, options with { DegreeOfParallelism = 4 });

        Assert.Equal(single.Scores, parallel.Scores);
        Assert.Equal(single.ClusterCount, parallel.ClusterCount);
    }

    [Fact]
    public void Select_on_many_rows_looks_at_a_sample_only()
    {
        var data = Planted.Clusters(30_000, 6, 4, 60, seed: 2).Data;

        var selection = ClusterCountSelector.Select(
            data, new ClusterCountOptions { ClusterCountMax = 6, SampleRowsMax = 1_000, SilhouetteRowsMax = 300 });

        Assert.Equal(1_000, selection.SampleRows);
        Assert.Equal(4, selection.ClusterCount);
    }

    [Fact]
    public void Select_on_equal_rows_takes_the_fewest_clusters()
    {
        var data = new Matrix(new float[200 * 3], 200, 3);

        Assert.Equal(3, ClusterCountSelector.Select(data, new ClusterCountOptions { ClusterCountMin = 3, ClusterCountMax = 6 }).ClusterCount);
    }

    [Fact]
    public void Select_on_a_handful_of_rows_lowers_the_most_clusters()
    {
        var data = Planted.Clusters(6, 2, 2, 100, seed: 2).Data;

        Assert.Equal([2, 3, 4], ClusterCountSelector.Select(data).Scores.Select(score => score.ClusterCount));
    }

    [Fact]
    public void Select_on_fewer_rows_than_clusters_is_refused()
    {
        var data = Planted.Clusters(6, 2, 2, 100, seed: 2).Data;

        Assert.Throws<ArgumentException>(() => ClusterCountSelector.Select(data, new ClusterCountOptions { ClusterCountMin = 5 }));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Select_on_a_value_that_is_not_a_number_names_its_place(int threads)
    {
        var values = new float[600];
        values[301] = float.NaN;

        var error = Assert.Throws<InvalidMatrixException>(
            () => ClusterCountSelector.Select(new Matrix(values, 200, 3), new ClusterCountOptions { DegreeOfParallelism = threads }));

        Assert.Equal((100, 1), (error.Row, error.Column));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Select_cancelled_under_way_throws(int threads)
    {
        var data = Planted.Clusters(1_000, 3, 4, 6, seed: 2).Data;
        using var cancellation = new CancellationTokenSource();
        var reports = new List<ClusterCountProgress>();
        var progress = new Callback<ClusterCountProgress>(report =>
        {
            reports.Add(report);
            if (report.Done == 3)
            {
                cancellation.Cancel();
            }
        });

        Assert.Throws<OperationCanceledException>(() => ClusterCountSelector.Select(
            data, new ClusterCountOptions { DegreeOfParallelism = threads }, progress, cancellation.Token));
        Assert.True(reports.Count < reports[0].Total);
    }

    [Fact]
    public void Select_reports_every_step()
    {
        var data = Planted.Clusters(300, 3, 4, 6, seed: 2).Data;
        var reports = new List<ClusterCountProgress>();

        ClusterCountSelector.Select(
            data, new ClusterCountOptions { ClusterCountMax = 4, SubsamplePairs = 2 }, new Callback<ClusterCountProgress>(reports.Add));

        Assert.Equal(Enumerable.Range(1, 9).Select(done => new ClusterCountProgress(done, 9)), reports);
    }

    [Fact]
    public void Choice_among_stable_counts_takes_the_fewest_of_the_best_separated()
    {
        ClusterCountScore[] scores = [Score(2, 0.99, 0.30), Score(3, 0.9, 0.415), Score(4, 0.8, 0.42), Score(5, 0.5, 0.6)];

        Assert.Equal((3, ClusterCountRule.BestSeparatedOfTheStable), ClusterCountSelector.Choose(scores, new ClusterCountOptions()));
        Assert.Equal(
            (4, ClusterCountRule.BestSeparatedOfTheStable),
            ClusterCountSelector.Choose(scores, new ClusterCountOptions { SilhouetteTolerance = 0 }));
        Assert.Equal((2, ClusterCountRule.MostStable), ClusterCountSelector.Choose(scores, new ClusterCountOptions { StabilityMin = 1 }));
    }

    [Fact]
    public void Choice_passes_over_a_count_that_is_stable_on_average_only()
    {
        ClusterCountScore[] scores = [Score(4, 0.79, 0.26, 0.19), Score(5, 0.97, 0.24, 0.02)];

        Assert.Equal((5, ClusterCountRule.BestSeparatedOfTheStable), ClusterCountSelector.Choose(scores, new ClusterCountOptions()));
    }

    private static ClusterCountScore Score(int count, double stability, double silhouette, double deviation = 0) =>
        new(count, 1, silhouette, 0, stability, deviation, 0.1);
}
