namespace CustomerSegmentation.Learning.Tests;

/// <summary>Rows drawn around known centres, with the centre each was drawn from.</summary>
internal sealed record Planted(Matrix Data, int[] Truth)
{
    /// <summary>
    /// Clusters of equal chance: centres uniform in a cube of side <paramref name="separation"/>, rows normal around them with unit
    /// spread.
    /// </summary>
    public static Planted Clusters(int rows, int columns, int clusters, double separation, int seed, double offset = 0)
    {
        var random = new Random(seed);
        var centres = new double[clusters, columns];
        for (var c = 0; c < clusters; c++)
        {
            for (var j = 0; j < columns; j++)
            {
                centres[c, j] = offset + (random.NextDouble() * separation);
            }
        }

        var values = new float[rows * columns];
        var truth = new int[rows];
        for (var i = 0; i < rows; i++)
        {
            truth[i] = random.Next(clusters);
            for (var j = 0; j < columns; j++)
            {
                values[(i * columns) + j] = (float)(centres[truth[i], j] + Normal(random));
            }
        }

        return new Planted(new Matrix(values, rows, columns), truth);
    }

    /// <summary>A standard normal number (Box and Muller 1958).</summary>
    public static double Normal(Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
