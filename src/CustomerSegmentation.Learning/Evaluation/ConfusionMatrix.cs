namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>
/// How often each actual class was predicted as each class, with the rates drawn from it. A rate without any case it could count
/// (precision of a class never predicted, recall of one that never occurs) is 0. Macro averages weigh every class that occurs or is
/// predicted alike.
/// </summary>
public sealed class ConfusionMatrix
{
    private readonly long[,] _counts;
    private readonly Dictionary<int, int> _index;

    private ConfusionMatrix(int[] classes, long[,] counts, Dictionary<int, int> index, long total)
    {
        Classes = classes;
        _counts = counts;
        _index = index;
        Total = total;
    }

    /// <summary>Every class that occurs or is predicted, ascending.</summary>
    public IReadOnlyList<int> Classes { get; }

    /// <summary>Number of cases.</summary>
    public long Total { get; }

    /// <summary>Cases of class <paramref name="actual"/> that were predicted as <paramref name="predicted"/>.</summary>
    public long this[int actual, int predicted] =>
        _index.TryGetValue(actual, out var i) && _index.TryGetValue(predicted, out var j) ? _counts[i, j] : 0;

    /// <summary>Share of cases predicted right, 0 to 1.</summary>
    public double Accuracy => Ratio(Classes.Sum(c => this[c, c]), Total);

    /// <summary>Mean precision over the classes, 0 to 1.</summary>
    public double MacroPrecision => Mean(Precision);

    /// <summary>Mean recall over the classes, 0 to 1.</summary>
    public double MacroRecall => Mean(Recall);

    /// <summary>Mean F1 over the classes, 0 to 1.</summary>
    public double MacroF1 => Mean(F1);

    /// <summary>Counts the cases.</summary>
    /// <param name="actual">The class of each case; any integers.</param>
    /// <param name="predicted">The predicted class of each case; the same length.</param>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static ConfusionMatrix Of(ReadOnlySpan<int> actual, ReadOnlySpan<int> predicted)
    {
        var table = ContingencyTable.Of(actual, predicted);
        int[] classes = [.. table.First.Keys.Union(table.Second.Keys).Order()];
        var index = classes.Select((label, i) => (label, i)).ToDictionary(pair => pair.label, pair => pair.i);
        var counts = new long[classes.Length, classes.Length];
        foreach (var ((a, p), count) in table.Cells)
        {
            counts[index[a], index[p]] = count;
        }

        return new ConfusionMatrix(classes, counts, index, table.Count);
    }

    /// <summary>Cases of the class.</summary>
    public long Support(int label) => Classes.Sum(predicted => this[label, predicted]);

    /// <summary>Share of right ones among those predicted as the class, 0 to 1.</summary>
    public double Precision(int label) => Ratio(this[label, label], Classes.Sum(actual => this[actual, label]));

    /// <summary>Share of the class's cases that were found, 0 to 1.</summary>
    public double Recall(int label) => Ratio(this[label, label], Support(label));

    /// <summary>Harmonic mean of precision and recall, 0 to 1.</summary>
    public double F1(int label) =>
        Ratio(2 * this[label, label], Support(label) + Classes.Sum(actual => this[actual, label]));

    private static double Ratio(long part, long whole) => whole == 0 ? 0 : part / (double)whole;

    private double Mean(Func<int, double> rate) => Classes.Count == 0 ? 0 : Classes.Average(rate);
}
