using CustomerSegmentation.Learning.Evaluation;
using FsCheck;
using FsCheck.Fluent;

namespace CustomerSegmentation.Learning.Tests.Evaluation;

public class AreaUnderRocTests
{
    [Fact]
    public void Area_equals_the_share_of_pairs_in_order()
    {
        var cases =
            from score in Gen.Choose(0, 5)
            from positive in Gen.Choose(0, 1)
            select (Score: (float)score, Positive: positive == 1);
        Prop.ForAll(cases.ListOf(14).ToArbitrary(), list =>
        {
            var positives = list.Where(c => c.Positive).ToArray();
            var negatives = list.Where(c => !c.Positive).ToArray();
            var wins = positives.Sum(p => negatives.Sum(n => p.Score > n.Score ? 1 : p.Score == n.Score ? 0.5 : 0));

            var area = AreaUnderRoc.Binary(list.Select(c => c.Positive).ToArray(), list.Select(c => c.Score).ToArray());

            Assert.Equal(wins / (positives.Length * (double)negatives.Length), area, 9);
        }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Area_with_one_kind_of_case_is_not_a_number()
    {
        Assert.True(double.IsNaN(AreaUnderRoc.Binary([true, true], [1, 2])));
        Assert.True(double.IsNaN(AreaUnderRoc.Binary([], [])));
    }

    [Fact]
    public void One_versus_rest_is_the_mean_over_the_classes_that_occur()
    {
        var scores = Matrix.FromRows([[0.7f, 0.2f, 0.1f], [0.4f, 0.5f, 0.1f], [0.6f, 0.3f, 0.1f], [0.1f, 0.8f, 0.1f]]);

        // Class 0 has 3 of 4 pairs in order, class 1 as well; class 2 never occurs.
        Assert.Equal(0.75, AreaUnderRoc.OneVersusRest([0, 0, 1, 1], scores), 12);
    }

    [Fact]
    public void Scores_that_do_not_fit_are_refused()
    {
        Assert.Throws<ArgumentException>(() => AreaUnderRoc.Binary([true], [1, 2]));
        Assert.Throws<ArgumentException>(() => AreaUnderRoc.Binary([true, false], [1, float.NaN]));
        Assert.Throws<ArgumentException>(() => AreaUnderRoc.OneVersusRest([3], Matrix.FromRows([[1, 0]])));
    }
}
