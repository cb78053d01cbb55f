using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Dashboard.Tests.Browsing;

namespace CustomerSegmentation.Dashboard.Tests;

[Collection(BrowserGroup.Name)]
public sealed class SteeringTests(BrowserFixture browser)
{
    [BrowserFact]
    public async Task Activation_that_is_not_confirmed_changes_nothing()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segmentations");
        await visit.Page.ClickAsync("button:has-text('Activate')");
        Assert.Contains("about 372 customers will change segment", await visit.Page.InnerTextAsync("dialog"), StringComparison.Ordinal);
        await visit.PictureAsync("desk-confirm");
        await visit.Page.ClickAsync("text=Leave as it is");
        await visit.Page.WaitForSelectorAsync("dialog", new() { State = Microsoft.Playwright.WaitForSelectorState.Detached });
        Assert.Equal(SegmentationStatus.Ready, visit.Service.Segmentations.Find(4)?.Status);
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Roll_back_that_is_confirmed_activates_the_older_version()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segmentations");
        await visit.Page.ClickAsync("button:has-text('Roll back')");
        await visit.Page.ClickAsync("dialog button.primary");
        await visit.Page.WaitForSelectorAsync("h2:has-text('Segmentation 1 is at work')");
        Assert.Equal(SegmentationStatus.Activating, visit.Service.Segmentations.Find(1)?.Status);
    }

    [BrowserFact]
    public async Task Running_version_can_be_cancelled()
    {
        await using var visit = await browser.VisitAsync();
        visit.Service.Segmentations.Start(new SegmentationRequest());
        await visit.OpenAsync("#/segmentations");
        await visit.Page.ClickAsync("text=Cancel");
        await visit.Page.WaitForSelectorAsync("tr:has-text('cancelled')");
        Assert.Equal(SegmentationStatus.Cancelled, visit.Service.Segmentations.Find(5)?.Status);
    }

    [BrowserFact]
    public async Task Smallest_number_above_the_largest_is_refused_with_a_reason()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segmentations");
        await visit.Page.FillAsync("input[name=minSegments]", "9");
        await visit.Page.ClickAsync("text=Re-cluster now");
        await visit.Page.WaitForSelectorAsync("[role=alert]:has-text('above the largest')");
        Assert.Null(visit.Service.Segmentations.LastRequest);
    }

    [BrowserFact]
    public async Task Lists_show_page_after_page()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/customers");
        Assert.Equal(25, await visit.Page.Locator("tbody tr").CountAsync());
        await visit.Page.ClickAsync("text=Show more");
        await visit.Page.WaitForSelectorAsync("text=50 shown");
        await visit.Page.ClickAsync("text=Show more");
        await visit.Page.WaitForSelectorAsync("text=62 shown, all there are");
        Assert.False(await visit.Page.IsVisibleAsync("text=Show more"));

        await visit.GoAsync("#/customers/12347");
        Assert.Equal(20, await visit.Page.Locator(".timeline li").CountAsync());
        await visit.Page.ClickAsync("text=Show earlier events");
        await visit.Page.WaitForSelectorAsync(".timeline li:nth-child(40)");
        await visit.Page.ClickAsync("text=Show earlier events");
        await visit.Page.WaitForSelectorAsync(".timeline li:nth-child(47)");
        Assert.False(await visit.Page.IsVisibleAsync("text=Show earlier events"));
    }
}
