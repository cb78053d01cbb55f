namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>
/// Agreement of two partitions of the same rows, corrected for chance (Hubert and Arabie 1985, "Comparing partitions", equation 5): 1 for
/// the same partition whatever the labels are called, about 0 for independent ones, negative for worse than chance.
/// </summary>
public static class AdjustedRandIndex
{
    /// <summary>Computes the index.</summary>
    /// <param name="first">A label for each row; any integers.</param>
    /// <param name="second">Another label for each row; the same length.</param>
    /// <returns>
    /// A number from -0.5 to 1. 1 where both partitions are trivial in the same way: all rows together, all apart, or no rows.
    /// </returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Score(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var table = ContingencyTable.Of(first, second);
        var together = table.Cells.Values.Sum(Pairs);
        var inFirst = table.First.Values.Sum(Pairs);
        var inSecond = table.Second.Values.Sum(Pairs);
        var all = Pairs(table.Count);
        var expected = all == 0 ? 0 : inFirst * inSecond / all;
        var largest = (inFirst + inSecond) / 2;
        return largest == expected ? 1 : (together - expected) / (largest - expected);
    }

    private static double Pairs(long count) => count * (count - 1.0) / 2;
}
