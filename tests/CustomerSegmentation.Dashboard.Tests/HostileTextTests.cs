using CustomerSegmentation.Dashboard.Tests.Browsing;
using CustomerSegmentation.Dashboard.Tests.Fake;

namespace CustomerSegmentation.Dashboard.Tests;

[Collection(BrowserGroup.Name)]
public sealed class HostileTextTests(BrowserFixture browser)
{
    [BrowserFact]
    public async Task Markup_in_ids_names_and_categories_is_shown_as_text()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/customers/" + Uri.EscapeDataString(FakeCustomers.Hostile));
        await visit.ConnectedAsync();
        Assert.Equal(FakeCustomers.Hostile, await visit.Page.InnerTextAsync("h1"));
        foreach (var part in new[] { ".timeline", ".list:has-text('country')", ".effects.plain" })
        {
            Assert.Contains(FakeCustomers.Hostile, await visit.Page.InnerTextAsync(part), StringComparison.Ordinal);
        }

        visit.Service.Move(FakeCustomers.Hostile, "loyal");
        await visit.Page.WaitForSelectorAsync(".membership .big-name:has-text('Loyal')");
        await visit.PictureAsync("desk-hostile");
        await AssertUnharmedAsync(visit);

        await visit.GoAsync("#/segments/loyal");
        visit.Service.Move(FakeCustomers.Hostile, "champions");
        await visit.Page.WaitForSelectorAsync(".feed li:has-text('went to Champions')");
        await AssertUnharmedAsync(visit);

        await visit.GoAsync("#/ingestion");
        await visit.Page.ClickAsync("text=What was sent >> nth=0");
        Assert.Contains(FakeCustomers.Hostile, await visit.Page.InnerTextAsync(".reason pre >> nth=0"), StringComparison.Ordinal);
        await AssertUnharmedAsync(visit);
    }

    [BrowserFact]
    public async Task Id_with_characters_of_an_address_is_found()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/customers");
        await visit.Page.FillAsync("#customer-id", FakeCustomers.Awkward);
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync(".membership .big-name:has-text('New')");
        Assert.Equal(FakeCustomers.Awkward, await visit.Page.InnerTextAsync("h1"));
    }

    private static async Task AssertUnharmedAsync(Visit visit)
    {
        Assert.Equal(0, await visit.Page.Locator("img").CountAsync());
        Assert.NotEqual("owned", await visit.Page.TitleAsync());
        Assert.Empty(visit.Complaints);
    }
}
