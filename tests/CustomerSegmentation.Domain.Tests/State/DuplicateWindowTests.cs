using CustomerSegmentation.Domain.State;
using CustomerSegmentation.Domain.Tests.Shop;

namespace CustomerSegmentation.Domain.Tests.State;

public sealed class DuplicateWindowTests
{
    [Fact]
    public void Contains_the_latest_ids_and_no_others()
    {
        var window = new DuplicateWindow();
        for (var i = 0; i < 500; i++)
        {
            window.Add($"m{i}", i);
        }

        Assert.Equal(DuplicateWindow.Capacity, window.Count);
        Assert.All(Enumerable.Range(500 - DuplicateWindow.Capacity, DuplicateWindow.Capacity), i => Assert.True(window.Contains($"m{i}")));
        Assert.All(Enumerable.Range(0, 500 - DuplicateWindow.Capacity), i => Assert.False(window.Contains($"m{i}")));
    }

    [Fact]
    public void May_have_forgotten_is_false_until_the_window_is_full()
    {
        var window = new DuplicateWindow();
        for (var i = 0; i < DuplicateWindow.Capacity; i++)
        {
            window.Add($"m{i}", 1_000 + i);
        }

        Assert.False(window.MayHaveForgotten(0));
    }

    [Fact]
    public void An_id_is_in_the_window_or_may_be_forgotten() => Seeds.All(seed =>
    {
        var random = new Random(seed);
        var window = new DuplicateWindow();
        var added = new List<(string Id, long TimeMs)>();
        for (var i = random.Next(600); i > 0; i--)
        {
            added.Add(($"m{i}", random.NextInt64(1, 1_000)));
            window.Add(added[^1].Id, added[^1].TimeMs);
            Assert.All(added, a => Assert.True(window.Contains(a.Id) || window.MayHaveForgotten(a.TimeMs), a.Id));
        }
    }, tests: 20);

    [Fact]
    public void Events_in_order_of_time_never_need_the_journal()
    {
        var window = new DuplicateWindow();
        for (var i = 0; i < 1_000; i++)
        {
            Assert.False(window.MayHaveForgotten(i));
            window.Add($"m{i}", i);
        }
    }
}
