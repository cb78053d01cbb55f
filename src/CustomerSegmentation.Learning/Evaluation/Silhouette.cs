using System.Numerics.Tensors;
using CustomerSegmentation.Learning.Clustering;
using CustomerSegmentation.Learning.Sampling;

namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>
/// Silhouette width (Rousseeuw 1987, "Silhouettes: a graphical aid to the interpretation and validation of cluster analysis"): s = (b -
/// a) / max(a, b), a being the mean Euclidean distance to the other rows of the own cluster and b the lowest mean distance to the rows of
/// another cluster. 1 is well inside, 0 on a border, negative in the wrong cluster. A row alone in its cluster scores 0.
/// </summary>
public static class Silhouette
{
    /// <summary>Scores all rows, or a sample against itself. Time O(rows² × columns) of the rows scored.</summary>
    /// <param name="data">rows × columns, finite.</param>
    /// <param name="labels">A cluster label for each row; any integers.</param>
    /// <param name="options">Sample, seed, threads; null takes the defaults.</param>
    /// <param name="cancellationToken">Observed for every chunk of rows scored.</param>
    /// <exception cref="ArgumentException">The labels do not fit the rows, or an option is out of its range.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static SilhouetteScore Exact(
        Matrix data, ReadOnlySpan<int> labels, SilhouetteOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new SilhouetteOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SampleRowsMax, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.DegreeOfParallelism, 1);
        ThrowUnlessFitting(data, labels);
        var sampled = data.Rows > options.SampleRowsMax;
        var rows = RandomSample.Rows(data.Rows, options.SampleRowsMax, options.Seed);
        var sample = sampled ? data.SelectRows(rows) : data;
        var names = new List<int>();
        var clusters = Renumber(labels, rows, names);
        var sizes = new int[names.Count];
        foreach (var cluster in clusters)
        {
            sizes[cluster]++;
        }

        if (names.Count < 2)
        {
            return Summarise(new float[rows.Length], clusters, names);
        }

        var widths = new float[rows.Length];
        var executor = new ChunkExecutor(rows.Length, 0, options.DegreeOfParallelism, chunkRowsMin: 64);
        executor.Run(
            (_, chunk) =>
            {
                var sums = new double[sizes.Length];
                var (start, end) = executor.Bounds(chunk);
                for (var row = start; row < end; row++)
                {
                    widths[row] = Width(sample, row, clusters, sizes, sums);
                }
            },
            cancellationToken);
        return Summarise(widths, clusters, names);
    }

    /// <summary>
    /// The simplified silhouette (Hruschka, de Castro and Campello 2004): distances to centroids in place of mean distances to rows, in
    /// time O(rows × k × columns). It runs higher than the exact one, and ranks clusterings much the same.
    /// </summary>
    /// <param name="data">rows × columns, finite.</param>
    /// <param name="labels">For each row the index of its centroid, 0 to k - 1.</param>
    /// <param name="centroids">k × columns.</param>
    /// <exception cref="ArgumentException">Shapes do not fit, or a label names no centroid.</exception>
    public static SilhouetteScore Simplified(Matrix data, ReadOnlySpan<int> labels, Matrix centroids)
    {
        ThrowUnlessFitting(data, labels);
        if (centroids.Columns != data.Columns)
        {
            throw new ArgumentException($"Centroids have {centroids.Columns} columns, the data has {data.Columns}.", nameof(centroids));
        }

        var widths = new float[data.Rows];
        for (var row = 0; row < data.Rows; row++)
        {
            if ((uint)labels[row] >= (uint)centroids.Rows)
            {
                throw new ArgumentException($"Row {row} has label {labels[row]}; there are {centroids.Rows} centroids.", nameof(labels));
            }

            var other = double.PositiveInfinity;
            for (var c = 0; c < centroids.Rows; c++)
            {
                other = c == labels[row] ? other : Math.Min(other, TensorPrimitives.Distance(data.Row(row), centroids.Row(c)));
            }

            widths[row] = centroids.Rows < 2 ? 0 : Ratio(TensorPrimitives.Distance(data.Row(row), centroids.Row(labels[row])), other);
        }

        var names = new List<int>();
        var clusters = Renumber(labels, [.. Enumerable.Range(0, data.Rows)], names);
        return Summarise(widths, clusters, names);
    }

    private static float Width(Matrix sample, int row, int[] clusters, int[] sizes, double[] sums)
    {
        var own = clusters[row];
        if (sizes[own] < 2)
        {
            return 0;
        }

        Array.Clear(sums);
        var x = sample.Row(row);
        for (var other = 0; other < clusters.Length; other++)
        {
            sums[clusters[other]] += TensorPrimitives.Distance(x, sample.Row(other));
        }

        var nearest = double.PositiveInfinity;
        for (var c = 0; c < sums.Length; c++)
        {
            nearest = c == own ? nearest : Math.Min(nearest, sums[c] / sizes[c]);
        }

        return Ratio(sums[own] / (sizes[own] - 1), nearest);
    }

    private static float Ratio(double own, double other)
    {
        var larger = Math.Max(own, other);
        return larger > 0 ? (float)((other - own) / larger) : 0;
    }

    private static SilhouetteScore Summarise(float[] widths, int[] clusters, List<int> names)
    {
        var count = widths.Length;
        var mean = count == 0 ? 0 : widths.Sum(w => (double)w) / count;
        var variance = count < 2 ? 0 : widths.Sum(w => (w - mean) * (w - mean)) / (count - 1);
        var byCluster = widths.Zip(clusters)
            .GroupBy(pair => names[pair.Second])
            .ToDictionary(cluster => cluster.Key, cluster => cluster.Average(pair => (double)pair.First));
        return new SilhouetteScore(mean, count == 0 ? 0 : Math.Sqrt(variance / count), count, byCluster);
    }

    /// <summary>
    /// Numbers the clusters of the chosen rows from 0 on, in order of appearance; <paramref name="names"/> receives their labels.
    /// </summary>
    private static int[] Renumber(ReadOnlySpan<int> labels, ReadOnlySpan<int> rows, List<int> names)
    {
        var numbers = new Dictionary<int, int>();
        var clusters = new int[rows.Length];
        for (var i = 0; i < rows.Length; i++)
        {
            var label = labels[rows[i]];
            if (!numbers.TryGetValue(label, out clusters[i]))
            {
                clusters[i] = numbers[label] = names.Count;
                names.Add(label);
            }
        }

        return clusters;
    }

    private static void ThrowUnlessFitting(Matrix data, ReadOnlySpan<int> labels)
    {
        if (labels.Length != data.Rows)
        {
            throw new ArgumentException($"{labels.Length} labels are given for {data.Rows} rows.", nameof(labels));
        }
    }
}
