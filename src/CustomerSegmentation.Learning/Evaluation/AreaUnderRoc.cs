namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>
/// Area under the receiver operating characteristic: the chance that a positive case scores above a negative one, ties counting half
/// (Hanley and McNeil 1982, "The meaning and use of the area under a receiver operating characteristic curve").
/// </summary>
public static class AreaUnderRoc
{
    /// <summary>The area of one score against one property.</summary>
    /// <param name="positive">Whether each case is positive.</param>
    /// <param name="scores">The score of each case, in any unit; not NaN.</param>
    /// <returns>From 0 to 1, 0.5 being chance; NaN where all cases are positive, or none.</returns>
    /// <exception cref="ArgumentException">The lengths differ, or a score is not a number.</exception>
    public static double Binary(ReadOnlySpan<bool> positive, ReadOnlySpan<float> scores)
    {
        if (positive.Length != scores.Length)
        {
            throw new ArgumentException($"{scores.Length} scores are given for {positive.Length} cases.", nameof(scores));
        }

        var sorted = scores.ToArray();
        var order = Enumerable.Range(0, sorted.Length).ToArray();
        Array.Sort(sorted, order);
        if (sorted.Length > 0 && float.IsNaN(sorted[0]))
        {
            throw new ArgumentException($"The score of case {order[0]} is not a number.", nameof(scores));
        }

        var (rankSum, positives) = (0.0, 0L);
        for (var start = 0; start < sorted.Length;)
        {
            var end = start;
            var tied = 0;
            for (; end < sorted.Length && sorted[end] == sorted[start]; end++)
            {
                tied += positive[order[end]] ? 1 : 0;
            }

            // Tied cases share the mean of the ranks start + 1 to end.
            rankSum += tied * ((start + 1.0 + end) / 2);
            positives += tied;
            start = end;
        }

        var negatives = sorted.Length - positives;
        return (rankSum - (positives * (positives + 1.0) / 2)) / ((double)positives * negatives);
    }

    /// <summary>
    /// The mean, over the classes that occur but do not fill all rows, of the area of the class's column against all other classes.
    /// </summary>
    /// <param name="actual">The class of each row, 0 to columns - 1.</param>
    /// <param name="scores">rows × classes: a probability, or any score that grows with it.</param>
    /// <returns>From 0 to 1, 0.5 being chance; NaN where fewer than two classes occur.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, a class has no column, or a score is not a number.</exception>
    public static double OneVersusRest(ReadOnlySpan<int> actual, Matrix scores)
    {
        ClassScores.ThrowUnlessFitting(actual, scores);
        var areas = new List<double>();
        var positive = new bool[actual.Length];
        var column = new float[actual.Length];
        for (var c = 0; c < scores.Columns; c++)
        {
            for (var row = 0; row < actual.Length; row++)
            {
                positive[row] = actual[row] == c;
                column[row] = scores[row, c];
            }

            var area = Binary(positive, column);
            if (!double.IsNaN(area))
            {
                areas.Add(area);
            }
        }

        return areas.Count == 0 ? double.NaN : areas.Average();
    }
}
