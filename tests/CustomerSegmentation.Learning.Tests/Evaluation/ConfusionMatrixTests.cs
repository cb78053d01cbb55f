using CustomerSegmentation.Learning.Evaluation;

namespace CustomerSegmentation.Learning.Tests.Evaluation;

public class ConfusionMatrixTests
{
    private static readonly int[] Actual = [0, 0, 0, 0, 1, 1, 2, 2, 2, 2];
    private static readonly int[] Predicted = [0, 0, 0, 1, 1, 0, 2, 2, 1, 7];

    [Fact]
    public void Counts_are_those_of_the_pairs()
    {
        var matrix = ConfusionMatrix.Of(Actual, Predicted);

        Assert.Equal([0, 1, 2, 7], matrix.Classes);
        Assert.Equal((3, 1, 1, 1, 0), (matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[2, 7], matrix[7, 7]));
        Assert.Equal(0, matrix[99, 0]);
        Assert.Equal(10, matrix.Total);
        Assert.Equal(4, matrix.Support(2));
    }

    [Fact]
    public void Rates_equal_those_worked_by_hand()
    {
        var matrix = ConfusionMatrix.Of(Actual, Predicted);

        Assert.Equal(0.6, matrix.Accuracy, 12);
        Assert.Equal(3 / 4.0, matrix.Precision(0), 12);
        Assert.Equal(1 / 3.0, matrix.Precision(1), 12);
        Assert.Equal(1 / 2.0, matrix.Recall(1), 12);
        Assert.Equal(2 * (1 / 3.0) * 0.5 / ((1 / 3.0) + 0.5), matrix.F1(1), 12);
        Assert.Equal((0, 0, 0), (matrix.Precision(7), matrix.Recall(7), matrix.F1(7)));
        Assert.Equal((0.75 + (1 / 3.0) + 1 + 0) / 4, matrix.MacroPrecision, 12);
        Assert.Equal((0.75 + 0.5 + 0.5 + 0) / 4, matrix.MacroRecall, 12);
        Assert.Equal((0.75 + 0.4 + (2 / 3.0) + 0) / 4, matrix.MacroF1, 12);
    }

    [Fact]
    public void Rates_of_no_cases_are_zero()
    {
        var matrix = ConfusionMatrix.Of([], []);

        Assert.Equal((0, 0, 0L), (matrix.Accuracy, matrix.MacroF1, matrix.Total));
    }
}
