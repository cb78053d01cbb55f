using CustomerSegmentation.SiloHost.Scoring;

namespace CustomerSegmentation.SiloHost.Tests.Scoring;

public sealed class ContingencyTableTests
{
    [Fact]
    public void Equal_partitions_under_other_names_score_one()
    {
        var table = Table("aabbcc", "xxyyzz");

        Assert.Equal(1, table.AdjustedRandIndex(), 12);
        Assert.Equal(1, table.NormalizedMutualInformation(), 12);
    }

    [Fact]
    public void Partial_agreement_scores_the_published_values()
    {
        // scikit-learn: adjusted_rand_score 0.24242424242424243, normalized_mutual_info_score 0.5158037429793889.
        var table = Table("aaabbb", "xxyyzz");

        Assert.Equal(0.24242424242424243, table.AdjustedRandIndex(), 12);
        Assert.Equal(0.5158037429793889, table.NormalizedMutualInformation(), 12);
        Assert.Equal(1, table["a", "y"]);
        Assert.Equal(6, table.Total);
    }

    [Fact]
    public void One_segment_for_everybody_scores_zero()
    {
        var table = Table("aabb", "xxxx");

        Assert.Equal(0, table.AdjustedRandIndex(), 12);
        Assert.Equal(0, table.NormalizedMutualInformation(), 12);
    }

    private static ContingencyTable Table(string truth, string found)
    {
        var table = new ContingencyTable();
        foreach (var (left, right) in truth.Zip(found))
        {
            table.Add(left.ToString(), right.ToString());
        }

        return table;
    }
}
