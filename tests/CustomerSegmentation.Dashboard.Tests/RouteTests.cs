using CustomerSegmentation.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace CustomerSegmentation.Dashboard.Tests;

[Collection(BrowserGroup.Name)]
public sealed class RouteTests(BrowserFixture browser)
{
    public static TheoryData<string, string, string> Routes { get; } = new()
    {
        { "#/segments", "Segments", "Order often, spend most, and were here days ago." },
        { "#/segments/champions", "Champions", "Value per customer" },
        { "#/customers", "Customers", "12347" },
        { "#/customers/12347", "12347", "mainly because of the value" },
        { "#/segmentations", "Segmentations", "Roll back" },
        { "#/segmentations/4", "Segmentation 4", "Merged from Loyal, New." },
        { "#/ingestion", "Ingestion", "userId or anonymousId must be given." },
    };

    [BrowserFact]
    public async Task Customer_shows_what_the_model_expects_the_likeliest_first()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/customers/12347");
        await visit.Page.WaitForSelectorAsync("section[aria-labelledby=h-expected]:has-text('By the model shop 2.')");
        Assert.Equal("higher 70% · none 20% · lower 10%", await visit.Page.InnerTextAsync("section[aria-labelledby=h-expected] dd"));
    }

    [BrowserTheory]
    [MemberData(nameof(Routes))]
    public async Task Route_opened_at_a_desk_shows_its_data_without_complaints(string route, string title, string text)
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync(route);
        await FeedAsync(visit, route);
        await visit.PictureAsync("desk" + Name(route));

        Assert.Equal(title, await visit.Page.Locator("h1").InnerTextAsync());
        Assert.Contains(text, await visit.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Empty(visit.Complaints);
    }

    [BrowserTheory]
    [MemberData(nameof(Routes))]
    public async Task Route_opened_on_a_phone_needs_no_sideways_scrolling(string route, string title, string text)
    {
        await using var visit = await browser.VisitAsync(360, 740);
        await visit.OpenAsync(route);
        await FeedAsync(visit, route);
        await visit.PictureAsync("phone" + Name(route));

        var widths = await visit.Page.EvaluateAsync<int[]>("() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]");
        Assert.Equal(widths[1], widths[0]);
        Assert.Equal(title, await visit.Page.Locator("h1").InnerTextAsync());
        Assert.Contains(text, await visit.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        var cut = await visit.Page.EvaluateAsync<string[]>(
            """
            () => [...document.querySelectorAll('main *, header *')]
              .filter(e => e.checkVisibility() && !e.closest('.visually-hidden, .scroll') && e.getBoundingClientRect().right > innerWidth + 1)
              .map(e => e.outerHTML.slice(0, 80))
            """);
        Assert.Empty(cut);
    }

    [BrowserTheory]
    [MemberData(nameof(Routes))]
    public async Task Route_opened_in_the_dark_shows_its_data(string route, string title, string text)
    {
        await using var visit = await browser.VisitAsync(scheme: ColorScheme.Dark);
        await visit.OpenAsync(route);
        await FeedAsync(visit, route);
        await visit.PictureAsync("dark" + Name(route));

        Assert.Equal(title, await visit.Page.Locator("h1").InnerTextAsync());
        Assert.Contains(text, await visit.Page.Locator("main").InnerTextAsync(), StringComparison.Ordinal);
        Assert.Equal("rgb(14, 19, 25)", await visit.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
    }

    private static string Name(string route) => route.Replace("#", "", StringComparison.Ordinal).Replace('/', '-');

    /// <summary>Four minutes of pulse; where there is a chart of it, until it is drawn.</summary>
    private static async Task FeedAsync(Visit visit, string route)
    {
        await visit.ConnectedAsync();
        for (var second = 0; second < 240; second++) visit.Service.Pulse(800 + (220 * Math.Sin(second / 18.0)) + (second % 7 * 12), 12, second - 240);
        if (route == "#/ingestion") await visit.Page.WaitForSelectorAsync("[data-points='240']");
    }
}
