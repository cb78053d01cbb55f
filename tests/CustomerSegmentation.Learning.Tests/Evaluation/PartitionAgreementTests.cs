using CustomerSegmentation.Learning.Evaluation;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Learning.Tests.Evaluation;

public class PartitionAgreementTests
{
    [Fact]
    public void Scores_of_renamed_labels_are_one()
    {
        int[] first = [0, 0, 1, 1, 2, 2, 2];
        int[] second = [7, 7, -3, -3, 0, 0, 0];

        Assert.Equal(1, AdjustedRandIndex.Score(first, second), 12);
        Assert.Equal(1, NormalizedMutualInformation.Score(first, second), 12);
    }

    /// <summary>Contingency table 2 1 0 / 0 2 1 over six rows: 2 pairs together, 6 and 4 in each partition, 15 in all.</summary>
    [Fact]
    public void Scores_of_a_small_table_equal_those_worked_by_hand()
    {
        int[] first = [0, 0, 0, 1, 1, 1];
        int[] second = [0, 0, 1, 1, 1, 2];

        Assert.Equal((2 - 1.6) / (5 - 1.6), AdjustedRandIndex.Score(first, second), 12);
        var firstEntropy = Math.Log(2);
        var secondEntropy = -((2 / 6.0 * Math.Log(2 / 6.0)) + (3 / 6.0 * Math.Log(3 / 6.0)) + (1 / 6.0 * Math.Log(1 / 6.0)));
        var information = (2 / 6.0 * Math.Log(2 * 6 / (3 * 2.0)))
            + (1 / 6.0 * Math.Log(1 * 6 / (3 * 3.0)))
            + (2 / 6.0 * Math.Log(2 * 6 / (3 * 3.0)))
            + (1 / 6.0 * Math.Log(1 * 6 / (3 * 1.0)));
        Assert.Equal(2 * information / (firstEntropy + secondEntropy), NormalizedMutualInformation.Score(first, second), 12);
    }

    [Fact]
    public void Adjusted_rand_index_of_independent_labels_is_about_zero()
    {
        var random = new Random(4);
        var first = Enumerable.Range(0, 20_000).Select(_ => random.Next(5)).ToArray();
        var second = Enumerable.Range(0, 20_000).Select(_ => random.Next(7)).ToArray();

        Assert.Equal(0, AdjustedRandIndex.Score(first, second), 2);
        Assert.Equal(0, NormalizedMutualInformation.Score(first, second), 2);
    }

    [Fact]
    public void Adjusted_rand_index_equals_the_count_over_all_pairs()
    {
        var labels = Gen.Choose(0, 4).Two().ListOf(12);
        Prop.ForAll(labels.ToArbitrary(), pairs =>
        {
            var first = pairs.Select(p => p.Item1).ToArray();
            var second = pairs.Select(p => p.Item2).ToArray();
            var expected = ByPairs(first, second);
            Assert.Equal(expected, AdjustedRandIndex.Score(first, second), 9);
            Assert.Equal(expected, AdjustedRandIndex.Score(second, first), 9);
            Assert.InRange(NormalizedMutualInformation.Score(first, second), 0, 1);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Scores_of_labellings_of_different_length_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AdjustedRandIndex.Score([1], [1, 2]));
        Assert.Throws<ArgumentException>(() => NormalizedMutualInformation.Score([1], [1, 2]));
    }

    /// <summary>The index from the four kinds of pairs (Steinley 2004, equation 8).</summary>
    private static double ByPairs(int[] first, int[] second)
    {
        double both = 0, onlyFirst = 0, onlySecond = 0, neither = 0;
        for (var i = 0; i < first.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (a, b) = (first[i] == first[j], second[i] == second[j]);
                both += a && b ? 1 : 0;
                onlyFirst += a && !b ? 1 : 0;
                onlySecond += !a && b ? 1 : 0;
                neither += !a && !b ? 1 : 0;
            }
        }

        var pairs = both + onlyFirst + onlySecond + neither;
        var chance = ((both + onlyFirst) * (both + onlySecond)) + ((onlySecond + neither) * (onlyFirst + neither));
        return (pairs * pairs) - chance == 0 ? 1 : ((pairs * (both + neither)) - chance) / ((pairs * pairs) - chance);
    }
}
