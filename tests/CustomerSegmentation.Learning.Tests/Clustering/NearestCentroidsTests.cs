using CustomerSegmentation.Learning.Clustering;

namespace CustomerSegmentation.Learning.Tests.Clustering;

public class NearestCentroidsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Assign_to_the_centroids_of_a_fit_gives_its_labels(int threads)
    {
        var data = Planted.Clusters(7_001, 11, 9, 9, seed: 1).Data;
        var model = KMeans.Fit(data, new KMeansOptions { ClusterCount = 9 });
        var (labels, distances) = (new int[data.Rows], new float[data.Rows]);

        var inertia = NearestCentroids.Assign(data, model.Centroids, labels, distances, threads);

        Assert.Equal(model.Labels.ToArray(), labels);
        Assert.InRange(inertia / model.Inertia, 1 - 1e-5, 1 + 1e-5);
        Assert.InRange(distances.Sum(d => (double)d) / inertia, 1 - 1e-5, 1 + 1e-5);
    }

    [Fact]
    public void Assign_between_equal_centroids_takes_the_lower_index()
    {
        var data = Matrix.FromRows([[1, 1], [2, 2], [40, 40]]);
        var centroids = Matrix.FromRows([[30, 30], [2, 2], [2, 2]]);
        var labels = new int[3];

        NearestCentroids.Assign(data, centroids, labels);

        Assert.Equal([1, 1, 0], labels);
    }

    [Fact]
    public void Assign_between_equal_centroids_in_different_panels_takes_the_lower_index()
    {
        var centroids = Matrix.FromRows([.. Enumerable.Range(0, 40).Select(c => new float[] { c % 20 })]);
        var data = Matrix.FromRows([.. Enumerable.Range(0, 20).Select(c => new float[] { c })]);
        var labels = new int[20];

        NearestCentroids.Assign(data, centroids, labels);

        Assert.Equal(Enumerable.Range(0, 20), labels);
    }

    [Fact]
    public void Assign_of_no_rows_is_nothing()
    {
        Assert.Equal(0, NearestCentroids.Assign(new Matrix(default, 0, 3), Matrix.FromRows([[1, 2, 3]]), Memory<int>.Empty));
    }

    [Fact]
    public void Assign_of_other_columns_is_refused()
    {
        Assert.Throws<ArgumentException>(() => NearestCentroids.Assign(Matrix.FromRows([[1, 2]]), Matrix.FromRows([[1]]), new int[1]));
    }
}
