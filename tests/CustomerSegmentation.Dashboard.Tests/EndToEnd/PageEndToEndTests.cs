using System.Text.RegularExpressions;
using CustomerSegmentation.Dashboard.Tests.Browsing;

namespace CustomerSegmentation.Dashboard.Tests.EndToEnd;

/// <summary>The page in a browser on the real service: what a shopkeeper does on the first day.</summary>
[Collection(BrowserGroup.Name)]
public sealed partial class PageEndToEndTests(BrowserFixture browser)
{
    [BrowserFact]
    public async Task Shopkeeper_finds_segments_and_sees_a_customer_change_while_watching()
    {
        await using var shop = await RealShop.OpenAsync(customers: 300);
        await using var visit = await browser.VisitAsync(shop.Url);

        await visit.OpenAsync($"#key={shop.AdminKey}");
        await visit.ConnectedAsync();
        Assert.DoesNotContain(shop.AdminKey, visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.WaitForSelectorAsync("text=300 customers known, none of them in a segment.");
        await visit.PictureAsync("real-before");
        await ReclusterAsync(visit);
        await visit.GoAsync("#/");
        await visit.Page.WaitForSelectorAsync(".card h3");
        var names = await visit.Page.Locator(".card h3").AllInnerTextsAsync();
        Assert.InRange(names.Count, 4, 8);
        Assert.All(names, name => Assert.Matches(ProperName(), name));
        await visit.PictureAsync("real-segments");

        var customer = await shop.SomebodyWhoBuysNothingAsync();
        await WatchAsync(shop, visit, customer);
        await visit.GoAsync("#/ingestion");
        await visit.PictureAsync("real-ingestion");
        await PhoneAsync(visit, customer);
        Assert.Empty(visit.Complaints);
    }

    /// <summary>The same on a phone: nothing sticks out.</summary>
    private static async Task PhoneAsync(Visit visit, string customer)
    {
        await visit.Page.SetViewportSizeAsync(360, 740);
        foreach (var (route, name) in new[] { ("#/", "segments"), ("#/segmentations/1", "segmentation"), ($"#/customers/{customer}", "customer") })
        {
            await visit.GoAsync(route);
            Assert.Equal(360, await visit.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth"));
            await visit.PictureAsync($"real-phone-{name}");
        }
    }

    private static async Task ReclusterAsync(Visit visit)
    {
        await visit.GoAsync("#/segmentations");
        await visit.Page.ClickAsync("text=Re-cluster now");
        await visit.Page.WaitForSelectorAsync("tr:has-text('active'):has(a[href='#/segmentations/1'])");
        Assert.False(await visit.Page.IsVisibleAsync("[role=progressbar]"));
        Assert.Equal("Segmentation 1: active.", await visit.Page.TextContentAsync("#announcer"));
        await visit.GoAsync("#/segmentations/1");
        await visit.PictureAsync("real-segmentation");
    }

    /// <summary>Somebody who bought nothing orders, first once and then often, while the page shows it.</summary>
    private static async Task WatchAsync(RealShop shop, Visit visit, string customer)
    {
        await visit.GoAsync($"#/customers/{customer}");
        await visit.Page.EvaluateAsync("() => { window.notReloaded = true; }");
        var before = await visit.Page.InnerTextAsync(".membership .big-name");
        Assert.Matches(ProperName(), before);

        await shop.OrderAsync(customer, 250);

        await visit.Page.WaitForSelectorAsync($".timeline li:first-child:has-text('order {customer}-1')");
        for (var order = 0; order < 15; order++)
        {
            await shop.OrderAsync(customer, 300);
        }

        await visit.Page.WaitForSelectorAsync($".timeline li:first-child:has-text('order {customer}-16')");
        await visit.Page.WaitForFunctionAsync("before => document.querySelector('.membership .big-name').innerText !== before", before);
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => window.notReloaded"));
        await visit.PictureAsync("real-customer");
    }

    [GeneratedRegex("^[A-Z][A-Za-z' -]+(, .+)?$")]
    private static partial Regex ProperName();
}
