using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>
/// Fits the space that customers are clustered in. Each column's mean and deviation are winsorised (values beyond the 1st and 99th percentile count as these
/// percentiles), so that a few huge accounts set no scale; a column that is constant between those percentiles is dropped. Columns that say the same share one
/// vote: a column's squared weight is 1 / Σ r² over its correlations r with all columns, itself included, so n identical columns weigh as much as one. Recency,
/// frequency and monetary value lead (Hughes 1994, "Strategic Database Marketing"): their weights are raised, so that segments tell first who is worth what and is
/// still there, and then how people shop.
/// </summary>
public static class SegmentSpaceFitter
{
    // Moments and quantiles of this many rows are exact enough for a scale.
    private const int RowsMax = 50_000;
    private const double Tail = 0.01;

    private static readonly Dictionary<string, double> Leading = new(StringComparer.Ordinal)
    {
        ["recencyDays"] = 1.5,
        ["frequency"] = 1.5,
        ["monetary"] = 1.5,
        ["orders90d"] = 1.2,
        ["spend90d"] = 1.2,
    };

    /// <summary>Fits the space to the columns of the schema that are meant for it.</summary>
    /// <param name="columns">The columns of the feature schema.</param>
    /// <param name="rows">Feature vectors, at one reference time.</param>
    /// <param name="clip">Bound of standardised values, in standard deviations.</param>
    /// <returns>The space, or null where no column tells customers apart.</returns>
    public static SegmentSpace? Fit(IReadOnlyList<FeatureColumn> columns, FeatureRows rows, float clip)
    {
        ArgumentNullException.ThrowIfNull(columns);
        var step = (rows.Count + RowsMax - 1) / RowsMax;
        var count = step == 0 ? 0 : (rows.Count + step - 1) / step;
        if (count == 0)
        {
            return null;
        }

        var fitted = new List<SegmentSpaceColumn>();
        var standardised = new List<float[]>();
        foreach (var column in columns)
        {
            if (!column.InSegmentSpace)
            {
                continue;
            }

            var values = Gather(rows, column, step, count);
            if (FitColumn(column, values, clip) is { } scale)
            {
                fitted.Add(scale);
                standardised.Add(Standardise(values, scale));
            }
        }

        return fitted.Count == 0 ? null : new SegmentSpace(Weigh(fitted, standardised));
    }

    private static float[] Gather(FeatureRows rows, FeatureColumn column, int step, int count)
    {
        var values = new float[count];
        for (var i = 0; i < count; i++)
        {
            values[i] = Scale(rows.Row(i * step)[column.Index], column.Scale == FeatureScale.Log);
        }

        return values;
    }

    private static float Scale(float value, bool isLog) => isLog ? MathF.CopySign(MathF.Log(1 + MathF.Abs(value)), value) : value;

    private static SegmentSpaceColumn? FitColumn(FeatureColumn column, float[] values, float clip)
    {
        var known = values.Where(float.IsFinite).ToArray();
        if (known.Length == 0)
        {
            return null;
        }

        Array.Sort(known);
        var low = Quantile(known, Tail);
        var high = Quantile(known, 1 - Tail);
        double sum = 0, squares = 0;
        foreach (var value in known)
        {
            sum += Math.Clamp(value, low, high);
        }

        var mean = sum / known.Length;
        foreach (var value in known)
        {
            var difference = Math.Clamp(value, low, high) - mean;
            squares += difference * difference;
        }

        var deviation = Math.Sqrt(squares / known.Length);
        if (deviation <= 1e-5 * Math.Max(1, Math.Abs(mean)))
        {
            return null;
        }

        var median = Quantile(known, 0.5);
        var isLog = column.Scale == FeatureScale.Log;
        return new SegmentSpaceColumn
        {
            Feature = column.Name,
            Index = column.Index,
            Unit = column.Unit,
            IsLog = isLog,
            Mean = (float)mean,
            Deviation = (float)deviation,
            Clip = clip,
            Median = isLog ? MathF.CopySign(MathF.Exp(MathF.Abs(median)) - 1, median) : median,
        };
    }

    private static float Quantile(float[] sorted, double quantile) => sorted[(int)Math.Round(quantile * (sorted.Length - 1))];

    private static float[] Standardise(float[] values, SegmentSpaceColumn scale)
    {
        var standard = new float[values.Length];
        for (var i = 0; i < values.Length; i++)
        {
            var value = (values[i] - scale.Mean) / scale.Deviation;
            standard[i] = float.IsNaN(value) ? 0 : Math.Clamp(value, -scale.Clip, scale.Clip);
        }

        return standard;
    }

    private static List<SegmentSpaceColumn> Weigh(List<SegmentSpaceColumn> columns, List<float[]> standardised)
    {
        var squares = new double[columns.Count];
        for (var i = 0; i < columns.Count; i++)
        {
            squares[i] += 1;
            for (var j = 0; j < i; j++)
            {
                var correlation = Correlation(standardised[i], standardised[j]);
                squares[i] += correlation * correlation;
                squares[j] += correlation * correlation;
            }
        }

        return [.. columns.Select((column, i) => column with
        {
            Weight = (float)(Leading.GetValueOrDefault(column.Feature, 1) / Math.Sqrt(squares[i])),
        })];
    }

    private static double Correlation(float[] first, float[] second)
    {
        double a = 0, b = 0, aa = 0, bb = 0, ab = 0;
        for (var i = 0; i < first.Length; i++)
        {
            double x = first[i], y = second[i];
            a += x;
            b += y;
            aa += x * x;
            bb += y * y;
            ab += x * y;
        }

        var n = first.Length;
        var covariance = ab - (a * b / n);
        var variances = (aa - (a * a / n)) * (bb - (b * b / n));
        return variances <= 0 ? 0 : covariance / Math.Sqrt(variances);
    }
}
