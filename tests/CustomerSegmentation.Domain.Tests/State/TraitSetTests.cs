using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State;

namespace CustomerSegmentation.Domain.Tests.State;

public sealed class TraitSetTests
{
    [Fact]
    public void Find_gives_the_value_with_the_latest_time_of_equal_times_the_last_applied()
    {
        var traits = new TraitSet();
        Set(traits, "city", "Paris", 10);
        Set(traits, "city", "Lyon", 5);
        Assert.Equal("Paris", traits.Find("city"));
        Set(traits, "city", "Nice", 10);
        Assert.Equal("Nice", traits.Find("city"));
    }

    [Fact]
    public void A_removed_trait_is_not_brought_back_by_an_older_value()
    {
        var traits = new TraitSet();
        Set(traits, "city", null, 10);
        Set(traits, "city", "Lyon", 5);
        Assert.Null(traits.Find("city"));
        Assert.Equal(0, traits.Count);
        Set(traits, "city", "Lyon", 11);
        Assert.Equal("Lyon", Assert.Single(traits.Values).Value);
    }

    [Fact]
    public void More_traits_than_are_kept_drop_those_set_longest_ago()
    {
        var traits = new TraitSet();
        for (var i = 0; i < 1_000; i++)
        {
            Set(traits, $"t{i:0000}", "x", i);
        }

        Assert.Equal(TraitSet.Capacity, traits.Count);
        Assert.Equal("x", traits.Find("t0999"));
        Assert.Null(traits.Find("t0000"));
    }

    [Theory]
    [InlineData("41.5", 41.5)]
    [InlineData("true", 1.0)]
    [InlineData("false", 0.0)]
    [InlineData("blue", null)]
    [InlineData("NaN", null)]
    public void Find_number_reads_numbers_and_booleans(string text, double? expected)
    {
        var traits = new TraitSet();
        Set(traits, "t", text, 1);
        Assert.Equal(expected, traits.FindNumber("t"));
    }

    private static void Set(TraitSet traits, string name, string? value, long timeMs) =>
        traits.Apply([new Trait { Name = name, Value = value }], timeMs);
}
