using CustomerSegmentation.Dashboard.Tests.Browsing;

namespace CustomerSegmentation.Dashboard.Tests;

/// <summary>A service that fails, knows nothing yet, or asks for a key.</summary>
[Collection(BrowserGroup.Name)]
public sealed class TroubleTests(BrowserFixture browser)
{
    [BrowserFact]
    public async Task Failing_service_is_shown_with_its_reason_and_can_be_tried_again()
    {
        await using var visit = await browser.VisitAsync();
        visit.Service.Fail("/api/segments", 503);
        await visit.OpenAsync("#/segments");
        Assert.Equal("The storage did not answer within 5 s.", await visit.Page.InnerTextAsync("main [role=alert]"));
        visit.Service.Fail("/api/segments", 0);
        await visit.Page.ClickAsync("text=Try again");
        await visit.Page.WaitForSelectorAsync("h3:has-text('Champions')");
    }

    [BrowserFact]
    public async Task Failing_list_keeps_the_rest_of_the_page()
    {
        await using var visit = await browser.VisitAsync();
        visit.Service.Fail("/api/customers", 500);
        visit.Service.Fail("/api/segments/flows", 500);
        await visit.OpenAsync("#/segments/champions");
        Assert.Equal(2, await visit.Page.Locator("main [role=alert]:visible").CountAsync());
        Assert.Contains("Give them early access", await visit.Page.InnerTextAsync("main"), StringComparison.Ordinal);
        visit.Service.Fail("/api/customers", 0);
        await visit.Page.ClickAsync("text=Show more");
        await visit.Page.WaitForSelectorAsync("tbody a:has-text('12347')");
    }

    [BrowserTheory]
    [InlineData("#/customers/nobody", "There is no customer \"nobody\".")]
    [InlineData("#/segments/nothing", "The active segmentation has no segment \"nothing\".")]
    [InlineData("#/segmentations/99", "There is no segmentation 99.")]
    [InlineData("#/segmentations/x", "There is no segmentation x.")]
    public async Task Unknown_thing_is_named(string route, string text)
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync(route);
        Assert.Contains(text, await visit.Page.InnerTextAsync("main"), StringComparison.Ordinal);
    }

    [BrowserTheory]
    [InlineData("#/segments", "./run simulate")]
    [InlineData("#/customers", "they appear with their first event")]
    [InlineData("#/segmentations", "Start the first one above")]
    [InlineData("#/ingestion", "No events yet.")]
    public async Task New_service_says_what_to_do(string route, string text)
    {
        await using var visit = await browser.VisitAsync();
        visit.Service.Empty = true;
        await visit.OpenAsync(route);
        await visit.ConnectedAsync();
        visit.Service.Pulse(0);
        await visit.Page.WaitForSelectorAsync($"main >> text={text}");
        await visit.PictureAsync("empty" + route.Replace("#/", "-", StringComparison.Ordinal));
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Service_with_a_key_asks_for_it_and_refuses_a_wrong_one()
    {
        await using var visit = await browser.VisitAsync(360, 740);
        visit.Service.AdminKey = "right";
        await visit.OpenAsync("#/segments");
        await visit.PictureAsync("phone-key");
        Assert.Equal("Key needed", await visit.Page.InnerTextAsync("#pulse"));
        await visit.Page.FillAsync("#admin-key", "wrong");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync("[role=alert]:has-text('does not accept this key')");
        await visit.Page.FillAsync("#admin-key", "right");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync("h3:has-text('Champions')");
        await visit.ConnectedAsync();
        await visit.Page.ReloadAsync();
        await visit.Page.WaitForSelectorAsync("h3:has-text('Champions')");
    }

    [BrowserFact]
    public async Task Key_in_the_address_is_taken_and_removed_from_there()
    {
        await using var visit = await browser.VisitAsync();
        visit.Service.AdminKey = "a b+c";
        await visit.OpenAsync("#key=" + Uri.EscapeDataString("a b+c"));
        await visit.Page.WaitForSelectorAsync("h3:has-text('Champions')");
        await visit.ConnectedAsync();
        Assert.Equal(visit.Service.Address.AbsoluteUri, visit.Page.Url);
        // The empty page that the browser began with, and this one: no entry holds the key.
        Assert.Equal(2, await visit.Page.EvaluateAsync<int>("() => history.length"));
    }

    [BrowserFact]
    public async Task Service_without_a_key_shows_no_form()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segments");
        Assert.Equal(0, await visit.Page.Locator("#admin-key").CountAsync());
        Assert.Empty(visit.Complaints);
    }
}
