using CustomerSegmentation.Learning.Evaluation;

namespace CustomerSegmentation.Learning.Tests.Evaluation;

public class CalibrationErrorTests
{
    [Fact]
    public void Expected_error_equals_the_value_worked_by_hand()
    {
        // Bin of 0.9: four cases, two right; bin of 0.6: two cases, both right.
        var probabilities = Matrix.FromRows([[0.9f, 0.1f], [0.9f, 0.1f], [0.9f, 0.1f], [0.9f, 0.1f], [0.4f, 0.6f], [0.4f, 0.6f]]);

        var error = CalibrationError.Expected([0, 0, 1, 1, 1, 1], probabilities, bins: 10);

        Assert.Equal(((4 * 0.4) + (2 * 0.4)) / 6, error, 6);
    }

    [Fact]
    public void Expected_error_of_certain_and_right_predictions_is_zero()
    {
        Assert.Equal(0, CalibrationError.Expected([1, 0], Matrix.FromRows([[0, 1], [1, 0]])));
    }

    [Fact]
    public void Numbers_that_are_no_probabilities_are_refused()
    {
        Assert.Throws<ArgumentException>(() => CalibrationError.Expected([0], Matrix.FromRows([[1.5f, 0]])));
        Assert.Throws<ArgumentException>(() => CalibrationError.Expected([0], Matrix.FromRows([[float.NaN, 0]])));
    }
}
