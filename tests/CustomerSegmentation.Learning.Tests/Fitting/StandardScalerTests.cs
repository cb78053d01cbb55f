using CustomerSegmentation.Learning.Fitting;

namespace CustomerSegmentation.Learning.Tests.Fitting;

public class StandardScalerTests
{
    [Fact]
    public void Transform_of_the_fitted_rows_has_mean_zero_and_spread_one()
    {
        var data = Planted.Clusters(500, 3, 2, 40, seed: 1, offset: 1_000).Data;

        var scaled = StandardScaler.Fit(data).Transform(data);

        for (var j = 0; j < 3; j++)
        {
            var column = Enumerable.Range(0, 500).Select(row => (double)scaled[row, j]).ToArray();
            Assert.Equal(0, column.Average(), 1e-5);
            Assert.Equal(1, column.Average(z => z * z), 1e-4);
        }
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(0.1f)]
    [InlineData(-123_456.7f)]
    public void Transform_of_a_constant_column_is_zero(float value)
    {
        var data = Matrix.FromRows([.. Enumerable.Range(0, 1_000).Select(i => new[] { value, i })]);

        var scaler = StandardScaler.Fit(data);

        Assert.Equal(0, scaler.Scales[0]);
        Assert.All(Enumerable.Range(0, 1_000), row => Assert.Equal(0, scaler.Transform(data)[row, 0]));
        var unseen = new float[2];
        scaler.Transform([9e9f, 0], unseen);
        Assert.Equal(0, unseen[0]);
    }

    [Fact]
    public void Transform_with_a_clip_bounds_an_outlier_on_both_sides()
    {
        var rows = Enumerable.Range(0, 1_000).Select(i => new[] { i % 10f }).ToArray();
        var scaler = StandardScaler.Fit(Matrix.FromRows(rows), clipAt: 4);
        var scaled = new float[1];

        scaler.Transform([1e12f], scaled);
        Assert.Equal(4, scaled[0]);
        scaler.Transform([-1e12f], scaled);
        Assert.Equal(-4, scaled[0]);
    }

    [Fact]
    public void Signed_logarithm_compresses_tails_and_keeps_the_sign()
    {
        var scaler = new StandardScaler([0], [1], [ColumnTransform.SignedLog1P]);
        var scaled = new float[1];

        scaler.Transform([MathF.E - 1], scaled);
        Assert.Equal(1, scaled[0], 1e-6);
        scaler.Transform([1 - MathF.E], scaled);
        Assert.Equal(-1, scaled[0], 1e-6);
        scaler.Transform([0], scaled);
        Assert.Equal(0, scaled[0]);
    }

    [Fact]
    public void InverseTransform_undoes_Transform()
    {
        var data = Planted.Clusters(300, 2, 3, 500, seed: 5, offset: -200).Data;
        var scaler = StandardScaler.Fit(data, [ColumnTransform.SignedLog1P, ColumnTransform.Identity]);
        var row = new float[2];

        for (var i = 0; i < data.Rows; i++)
        {
            scaler.Transform(data.Row(i), row);
            scaler.InverseTransform(row, row);
            Assert.Equal(data[i, 0], row[0], Math.Abs(data[i, 0] * 1e-4) + 1e-4);
            Assert.Equal(data[i, 1], row[1], Math.Abs(data[i, 1] * 1e-4) + 1e-4);
        }
    }

    [Fact]
    public void A_scaler_rebuilt_from_its_parts_gives_the_same_values()
    {
        var data = Planted.Clusters(200, 3, 3, 50, seed: 5).Data;
        var scaler = StandardScaler.Fit(data, [ColumnTransform.SignedLog1P, ColumnTransform.Identity, ColumnTransform.SignedLog1P], clipAt: 2);

        var rebuilt = new StandardScaler(scaler.Means, scaler.Scales, scaler.Transforms, scaler.ClipAt);

        Assert.Equal(scaler.Transform(data).Values.ToArray(), rebuilt.Transform(data).Values.ToArray());
    }

    [Fact]
    public void Fit_on_a_value_that_is_not_a_number_names_its_place()
    {
        var error = Assert.Throws<InvalidMatrixException>(() => StandardScaler.Fit(Matrix.FromRows([[1, 2], [3, float.NaN]])));

        Assert.Equal((1, 1), (error.Row, error.Column));
    }

    [Fact]
    public void Parts_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => new StandardScaler([0, 0], [1], [ColumnTransform.Identity]));
        Assert.Throws<ArgumentException>(() => new StandardScaler([0], [-1], [ColumnTransform.Identity]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new StandardScaler([0], [1], [ColumnTransform.Identity], clipAt: 0));
        Assert.Throws<ArgumentException>(() => StandardScaler.Fit(Matrix.FromRows([[1, 2]]), [ColumnTransform.Identity]));
    }
}
