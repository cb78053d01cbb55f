namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>Checks that true classes and a matrix of class scores describe the same rows.</summary>
internal static class ClassScores
{
    /// <exception cref="ArgumentException">They do not.</exception>
    public static void ThrowUnlessFitting(ReadOnlySpan<int> actual, Matrix scores)
    {
        if (actual.Length != scores.Rows)
        {
            throw new ArgumentException($"{scores.Rows} rows of scores are given for {actual.Length} cases.", nameof(scores));
        }

        for (var row = 0; row < actual.Length; row++)
        {
            if ((uint)actual[row] >= (uint)scores.Columns)
            {
                throw new ArgumentException($"Row {row} is of class {actual[row]}; there are {scores.Columns} columns.", nameof(actual));
            }
        }
    }
}
