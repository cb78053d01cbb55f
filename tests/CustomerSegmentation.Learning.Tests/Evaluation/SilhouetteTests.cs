using CustomerSegmentation.Learning.Evaluation;

namespace CustomerSegmentation.Learning.Tests.Evaluation;

public class SilhouetteTests
{
    /// <summary>On a line at 0, 1 and 10, 12: worked by hand from Rousseeuw's definition.</summary>
    [Fact]
    public void Exact_on_four_points_equals_the_value_worked_by_hand()
    {
        var data = Matrix.FromRows([[0], [1], [10], [12]]);
        double[] widths = [(11 - 1) / 11.0, (10 - 1) / 10.0, (9.5 - 2) / 9.5, (11.5 - 2) / 11.5];

        var score = Silhouette.Exact(data, [5, 5, 8, 8]);

        Assert.Equal(widths.Average(), score.Mean, 6);
        Assert.Equal(widths.Take(2).Average(), score.ByCluster[5], 6);
        Assert.Equal(widths.Skip(2).Average(), score.ByCluster[8], 6);
        Assert.Equal(4, score.Rows);
    }

    [Fact]
    public void Simplified_on_four_points_equals_the_value_worked_by_hand()
    {
        var data = Matrix.FromRows([[0], [1], [10], [12]]);
        double[] widths = [10.5 / 11, 9.5 / 10, 8.5 / 9.5, 10.5 / 11.5];

        var score = Silhouette.Simplified(data, [0, 0, 1, 1], Matrix.FromRows([[0.5f], [11]]));

        Assert.Equal(widths.Average(), score.Mean, 6);
    }

    [Fact]
    public void Exact_scores_a_row_alone_in_its_cluster_zero()
    {
        var score = Silhouette.Exact(Matrix.FromRows([[0], [1], [100]]), [0, 0, 1]);

        Assert.Equal(0, score.ByCluster[1]);
        Assert.True(score.ByCluster[0] > 0.9);
    }

    [Fact]
    public void Exact_with_one_cluster_is_zero()
    {
        Assert.Equal(0, Silhouette.Exact(Matrix.FromRows([[0], [1], [100]]), [3, 3, 3]).Mean);
    }

    [Fact]
    public void Exact_with_the_planted_labels_beats_shuffled_ones()
    {
        var planted = Planted.Clusters(900, 5, 4, 40, seed: 3);
        var shuffled = (int[])planted.Truth.Clone();
        new Random(1).Shuffle(shuffled);

        Assert.True(Silhouette.Exact(planted.Data, planted.Truth).Mean > 0.7);
        Assert.True(Silhouette.Exact(planted.Data, shuffled).Mean < 0.05);
    }

    [Fact]
    public void Exact_on_a_sample_is_within_its_standard_error_of_the_whole()
    {
        var planted = Planted.Clusters(3_000, 5, 4, 12, seed: 3);
        var whole = Silhouette.Exact(planted.Data, planted.Truth, new SilhouetteOptions { SampleRowsMax = 3_000 });

        var sample = Silhouette.Exact(planted.Data, planted.Truth, new SilhouetteOptions { SampleRowsMax = 600, Seed = 9 });

        Assert.Equal(600, sample.Rows);
        Assert.InRange(sample.Mean, whole.Mean - (4 * sample.StandardError), whole.Mean + (4 * sample.StandardError));
    }

    [Fact]
    public void Exact_with_any_degree_of_parallelism_is_the_same()
    {
        var planted = Planted.Clusters(800, 5, 4, 12, seed: 3);

        var single = Silhouette.Exact(planted.Data, planted.Truth, new SilhouetteOptions { DegreeOfParallelism = 1 });
        var parallel = Silhouette.Exact(planted.Data, planted.Truth, new SilhouetteOptions { DegreeOfParallelism = 4 });

        Assert.Equal(single.Mean, parallel.Mean);
    }

    [Fact]
    public void Exact_cancelled_throws()
    {
        var planted = Planted.Clusters(100, 2, 2, 12, seed: 3);

        Assert.Throws<OperationCanceledException>(() => Silhouette.Exact(planted.Data, planted.Truth, null, new CancellationToken(true)));
    }

    [Fact]
    public void Labels_that_do_not_fit_are_refused()
    {
        var data = Matrix.FromRows([[0], [1]]);

        Assert.Throws<ArgumentException>(() => Silhouette.Exact(data, [0]));
        Assert.Throws<ArgumentException>(() => Silhouette.Simplified(data, [0, 2], data));
    }
}
