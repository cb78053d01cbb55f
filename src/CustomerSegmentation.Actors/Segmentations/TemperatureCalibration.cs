using CustomerSegmentation.Learning;
using CustomerSegmentation.Learning.Clustering;
using CustomerSegmentation.Learning.Matching;
using CustomerSegmentation.Learning.Sampling;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>
/// Fits the temperature T of the probabilities softmax(−d²/2T). One half of the customers is clustered anew; its centroids are matched to the clustering at hand
/// and label the other half. T is the one under which these labels are likeliest (temperature scaling: Guo et al. 2017, "On Calibration of Modern Neural
/// Networks", section 4.2). So a probability of 0.8 means: 8 of 10 such customers would land here again if others had been the sample.
/// </summary>
internal sealed class TemperatureCalibration(Matrix points, Matrix centroids, int degreeOfParallelism, ulong seed)
{
    private const int RowsMax = 20_000;

    // Where both clusterings agree on everybody, the likeliest temperature is zero; these parts of the mean squared distance bound it.
    private const double LowestPart = 0.02;
    private const double HighestPart = 8;

    /// <param name="meanSquaredDistance">Mean squared distance of the points to their centroids.</param>
    /// <param name="cancellationToken">Cancels the fit.</param>
    /// <returns>Above zero.</returns>
    public float Fit(double meanSquaredDistance, CancellationToken cancellationToken)
    {
        var scale = Math.Max(meanSquaredDistance, 1e-6);
        var sample = RandomSample.Rows(points.Rows, RowsMax, seed);
        var half = sample.Length / 2;
        if (half < 2 * centroids.Rows)
        {
            return (float)scale;
        }

        // The sample ascends by row: every other row makes halves that are alike.
        var first = points.SelectRows([.. sample.Where((_, i) => i % 2 == 0)]);
        var second = points.SelectRows([.. sample.Where((_, i) => i % 2 == 1)]);
        var settings = new KMeansOptions { ClusterCount = centroids.Rows, Seed = seed + 1, DegreeOfParallelism = degreeOfParallelism };
        var again = KMeans.Fit(first, settings, null, cancellationToken).Centroids;
        var labels = new int[second.Rows];
        NearestCentroids.Assign(second, again, labels, default, degreeOfParallelism, cancellationToken);
        var matched = HungarianAlgorithm.Solve(Distances(again, centroids)).ColumnOfRow;
        var distances = Distances(second, centroids);
        return (float)(scale * Minimise(part => Loss(distances, labels, matched, part * scale)));
    }

    private static double[,] Distances(Matrix rows, Matrix centroids)
    {
        var distances = new double[rows.Rows, centroids.Rows];
        for (var i = 0; i < rows.Rows; i++)
        {
            for (var j = 0; j < centroids.Rows; j++)
            {
                double sum = 0;
                var row = rows.Row(i);
                var centroid = centroids.Row(j);
                for (var c = 0; c < row.Length; c++)
                {
                    var difference = row[c] - centroid[c];
                    sum += difference * difference;
                }

                distances[i, j] = sum;
            }
        }

        return distances;
    }

    private static double Loss(double[,] distances, int[] labels, IReadOnlyList<int> matched, double temperature)
    {
        double loss = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            var own = distances[i, matched[labels[i]]];
            double total = 0;
            for (var j = 0; j < distances.GetLength(1); j++)
            {
                total += Math.Exp(Math.Min(700, (own - distances[i, j]) / (2 * temperature)));
            }

            loss += Math.Log(total);
        }

        return loss;
    }

    /// <summary>Golden section search over the logarithm of the part.</summary>
    private static double Minimise(Func<double, double> loss)
    {
        var ratio = (Math.Sqrt(5) - 1) / 2;
        var (low, high) = (Math.Log(LowestPart), Math.Log(HighestPart));
        var (left, right) = (high - (ratio * (high - low)), low + (ratio * (high - low)));
        var (atLeft, atRight) = (loss(Math.Exp(left)), loss(Math.Exp(right)));
        for (var i = 0; i < 24; i++)
        {
            if (atLeft <= atRight)
            {
                (high, right, atRight) = (right, left, atLeft);
                left = high - (ratio * (high - low));
                atLeft = loss(Math.Exp(left));
            }
            else
            {
                (low, left, atLeft) = (left, right, atRight);
                right = low + (ratio * (high - low));
                atRight = loss(Math.Exp(right));
            }
        }

        return Math.Exp((low + high) / 2);
    }
}
