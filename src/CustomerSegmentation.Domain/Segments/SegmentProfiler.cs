using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>Describes clusters of customers by their features.</summary>
public static class SegmentProfiler
{
    // Medians of this many rows are exact enough for words.
    private const int RowsMax = 40_000;
    private const double Tail = 0.01;

    /// <summary>One profile a cluster.</summary>
    /// <param name="columns">The columns of the feature schema.</param>
    /// <param name="rows">Feature vectors at one reference time.</param>
    /// <param name="labels">For each row its cluster, 0 to <paramref name="clusters"/> − 1.</param>
    /// <param name="monetary">For each row orders less refunds.</param>
    /// <param name="clusters">Number of clusters.</param>
    public static IReadOnlyList<SegmentProfile> Profile(
        IReadOnlyList<FeatureColumn> columns, FeatureRows rows, ReadOnlySpan<int> labels, ReadOnlySpan<double> monetary, int clusters)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var sizes = new long[clusters];
        var money = new double[clusters];
        for (var i = 0; i < labels.Length; i++)
        {
            sizes[labels[i]]++;
            money[labels[i]] += monetary[i];
        }

        var step = Math.Max(1, (rows.Count + RowsMax - 1) / RowsMax);
        var sampled = new List<int>[clusters];
        for (var c = 0; c < clusters; c++)
        {
            sampled[c] = [];
        }

        for (var i = 0; i < rows.Count; i += step)
        {
            sampled[labels[i]].Add(i);
        }

        var effects = new double[clusters][];
        var medians = new double[clusters][];
        for (var c = 0; c < clusters; c++)
        {
            effects[c] = new double[columns.Count];
            medians[c] = new double[columns.Count];
        }

        var overall = new double[columns.Count];
        for (var column = 0; column < columns.Count; column++)
        {
            ProfileColumn(columns[column], rows, sampled, effects, medians, overall);
        }

        var total = money.Sum();
        return
        [
            .. Enumerable.Range(0, clusters).Select(c => new SegmentProfile
            {
                Customers = sizes[c],
                Share = rows.Count == 0 ? 0 : (double)sizes[c] / rows.Count,
                MonetaryShare = total <= 0 ? 0 : money[c] / total,
                Effects = effects[c],
                Medians = medians[c],
                Overall = overall,
            }),
        ];
    }

    private static void ProfileColumn(
        FeatureColumn column, FeatureRows rows, List<int>[] sampled, double[][] effects, double[][] medians, double[] overall)
    {
        var all = new List<float>();
        var parts = new float[sampled.Length][];
        for (var c = 0; c < sampled.Length; c++)
        {
            var part = new List<float>(sampled[c].Count);
            foreach (var row in sampled[c])
            {
                var value = rows.Row(row)[column.Index];
                if (float.IsFinite(value))
                {
                    part.Add(value);
                }
            }

            all.AddRange(part);
            parts[c] = [.. part];
            Array.Sort(parts[c]);
            medians[c][column.Index] = Median(parts[c]);
        }

        var sorted = all.ToArray();
        Array.Sort(sorted);
        overall[column.Index] = Median(sorted);
        if (sorted.Length == 0)
        {
            return;
        }

        var isLog = column.Scale == FeatureScale.Log;
        var low = Scale(sorted[(int)Math.Round(Tail * (sorted.Length - 1))], isLog);
        var high = Scale(sorted[(int)Math.Round((1 - Tail) * (sorted.Length - 1))], isLog);
        var (mean, deviation) = Moments(sorted, isLog, low, high);
        for (var c = 0; c < parts.Length; c++)
        {
            var own = Moments(parts[c], isLog, low, high).Mean;
            effects[c][column.Index] = parts[c].Length == 0 || deviation <= 1e-9 ? 0 : (own - mean) / deviation;
        }
    }

    private static (double Mean, double Deviation) Moments(float[] values, bool isLog, double low, double high)
    {
        double sum = 0, squares = 0;
        foreach (var value in values)
        {
            var scaled = Math.Clamp(Scale(value, isLog), low, high);
            sum += scaled;
            squares += scaled * scaled;
        }

        var mean = values.Length == 0 ? 0 : sum / values.Length;
        var variance = values.Length == 0 ? 0 : (squares / values.Length) - (mean * mean);
        return (mean, Math.Sqrt(Math.Max(0, variance)));
    }

    private static double Scale(float value, bool isLog) => isLog ? Math.CopySign(Math.Log(1 + Math.Abs((double)value)), value) : value;

    private static double Median(float[] sorted) => sorted.Length == 0
        ? 0
        : (sorted[(sorted.Length - 1) / 2] + (double)sorted[sorted.Length / 2]) / 2;
}
