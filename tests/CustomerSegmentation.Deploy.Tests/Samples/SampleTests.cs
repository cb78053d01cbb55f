using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace CustomerSegmentation.Deploy.Tests.Samples;

/// <summary>The samples against a real service.</summary>
public sealed partial class SampleTests
{
    [SampleFact]
    public async Task Shop_front_tracks_what_visitors_do_and_greets_them_by_their_segment()
    {
        await using var shop = await SampleShop.StartAsync();
        using var sample = new SampleProcess("ShopFront", shop.Environment, "--urls", "http://127.0.0.1:0");
        var front = new Uri(Address().Match(await sample.LineAsync("Now listening on")).Value);
        using var browser = new HttpClientHandler { CookieContainer = new CookieContainer() };
        using var visitor = new HttpClient(browser) { BaseAddress = front };

        Assert.Contains("Welcome to the shop.", await visitor.GetStringAsync(""), StringComparison.Ordinal);
        Assert.Contains("Buy for 180", await visitor.GetStringAsync("products/chair"), StringComparison.Ordinal);
        Assert.Contains("Welcome", await (await visitor.PostAsync("orders/chair", null)).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await visitor.GetAsync("products/nothing")).StatusCode);

        var id = browser.CookieContainer.GetCookies(front)["visitor"]!.Value;
        Assert.Equal(1, await shop.FrequencyAsync(id));
        for (var i = 1; i <= 40; i++)
        {
            await shop.OrderAsync($"c{i}", 10 * i);
        }

        await shop.SegmentAsync();
        var page = await visitor.GetStringAsync("");
        Assert.Contains(Segment().Match(page).Groups[1].Value, (await shop.SizesAsync()).Keys);
        Assert.Contains("You are one of our", page, StringComparison.Ordinal);
    }

    [SampleFact]
    public async Task Segment_size_lists_segments_and_follows_one()
    {
        await using var shop = await SampleShop.StartAsync();
        for (var i = 1; i <= 40; i++)
        {
            await shop.OrderAsync($"c{i}", 10 * i);
        }

        await shop.SegmentAsync();
        var sizes = await shop.SizesAsync();
        using var list = new SampleProcess("SegmentSize", shop.Environment);
        var (exitCode, lines) = await list.EndAsync();
        Assert.Equal(0, exitCode);
        Assert.Equal(sizes.Keys.Order(), lines.Select(line => line.Split(' ')[0]).Order());

        var (key, size) = sizes.MaxBy(s => s.Value);
        using var follow = new SampleProcess("SegmentSize", shop.Environment, key);
        Assert.StartsWith($"{key}: {size} customers, ", await follow.LineAsync(key), StringComparison.Ordinal);
        for (var i = 41; i <= 60; i++)
        {
            await shop.OrderAsync($"c{i}", 10 * (i % 40));
        }

        var next = await follow.LineAsync(key);
        Assert.True(long.Parse(Count().Match(next).Groups[1].Value, CultureInfo.InvariantCulture) > size, next);
    }

    [SampleFact]
    public async Task Segment_size_says_when_there_is_no_such_segment()
    {
        await using var shop = await SampleShop.StartAsync();
        using var follow = new SampleProcess("SegmentSize", shop.Environment, "nobody");
        Assert.Equal(1, (await follow.EndAsync()).ExitCode);
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Address();

    [GeneratedRegex("data-segment=\"([^\"]+)\"")]
    private static partial Regex Segment();

    [GeneratedRegex(@": (\d+) customers")]
    private static partial Regex Count();
}
