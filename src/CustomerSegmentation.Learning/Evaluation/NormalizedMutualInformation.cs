namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>
/// Mutual information of two partitions over the arithmetic mean of their entropies (Vinh, Epps and Bailey 2010, "Information theoretic
/// measures for clusterings comparison", NMI sum): 1 for the same partition, 0 for independent ones. Not corrected for chance.
/// </summary>
public static class NormalizedMutualInformation
{
    /// <summary>Computes the ratio.</summary>
    /// <param name="first">A label for each row; any integers.</param>
    /// <param name="second">Another label for each row; the same length.</param>
    /// <returns>A number from 0 to 1; 1 where both partitions put all rows together, or there are none.</returns>
    /// <exception cref="ArgumentException">The lengths differ.</exception>
    public static double Score(ReadOnlySpan<int> first, ReadOnlySpan<int> second)
    {
        var table = ContingencyTable.Of(first, second);
        double count = table.Count;
        var entropies = Entropy(table.First.Values, count) + Entropy(table.Second.Values, count);
        if (entropies == 0)
        {
            return 1;
        }

        var information = 0.0;
        foreach (var ((a, b), together) in table.Cells)
        {
            information += together / count * Math.Log(together * count / ((double)table.First[a] * table.Second[b]));
        }

        return Math.Clamp(2 * information / entropies, 0, 1);
    }

    private static double Entropy(IEnumerable<long> counts, double total) => -counts.Sum(c => c / total * Math.Log(c / total));
}
