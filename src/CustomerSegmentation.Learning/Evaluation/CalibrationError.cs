namespace CustomerSegmentation.Learning.Evaluation;

/// <summary>
/// Expected calibration error (Naeini, Cooper and Hauskrecht 2015; Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural
/// networks", equation 3): how far the probability of the predicted class lies from the share of right predictions, on average.
/// </summary>
public static class CalibrationError
{
    /// <summary>Computes the error over bins of equal width.</summary>
    /// <param name="actual">The class of each row, 0 to columns - 1.</param>
    /// <param name="probabilities">
    /// rows × classes, each from 0 to 1. The largest of a row is its prediction, the first of equal ones.
    /// </param>
    /// <param name="bins">Bins that divide 0 to 1; at least 1, default 15.</param>
    /// <returns>From 0 (calibrated) to 1; 0 for no rows.</returns>
    /// <exception cref="ArgumentException">Shapes do not fit, a class has no column, or a probability is not from 0 to 1.</exception>
    public static double Expected(ReadOnlySpan<int> actual, Matrix probabilities, int bins = 15)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bins, 1);
        ClassScores.ThrowUnlessFitting(actual, probabilities);
        var confidence = new double[bins];
        var right = new double[bins];
        for (var row = 0; row < actual.Length; row++)
        {
            var predicted = 0;
            for (var c = 0; c < probabilities.Columns; c++)
            {
                var probability = probabilities[row, c];
                if (!(probability is >= 0 and <= 1))
                {
                    throw new ArgumentException(
                        $"The probability at row {row}, column {c} is {probability}; it is from 0 to 1.", nameof(probabilities));
                }

                predicted = probability > probabilities[row, predicted] ? c : predicted;
            }

            var bin = Math.Min(bins - 1, (int)(probabilities[row, predicted] * bins));
            confidence[bin] += probabilities[row, predicted];
            right[bin] += predicted == actual[row] ? 1 : 0;
        }

        return actual.Length == 0 ? 0 : confidence.Zip(right, (c, r) => Math.Abs(c - r)).Sum() / actual.Length;
    }
}
