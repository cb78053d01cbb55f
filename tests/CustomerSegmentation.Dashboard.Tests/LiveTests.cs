using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Dashboard.Tests.Browsing;

namespace CustomerSegmentation.Dashboard.Tests;

[Collection(BrowserGroup.Name)]
public sealed class LiveTests(BrowserFixture browser)
{
    [BrowserFact]
    public async Task Customer_who_moves_shows_the_new_segment_the_new_event_and_says_so()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/customers/12347");
        await visit.ConnectedAsync();
        Assert.Equal("Champions", await visit.Page.InnerTextAsync(".membership .big-name"));

        visit.Service.Move("12347", "at-risk");

        await visit.Page.WaitForSelectorAsync(".membership .big-name:has-text('At risk')");
        await visit.Page.WaitForSelectorAsync(".timeline li:first-child[data-sequence='48']");
        Assert.Equal("12347 is now in At risk.", await visit.Page.TextContentAsync("#announcer"));
        await visit.Page.WaitForSelectorAsync(".feed li:first-child:has-text('Champions → At risk')");
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Segment_shows_who_comes_and_who_goes()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segments/champions");
        await visit.ConnectedAsync();

        visit.Service.Move("12347", "loyal");
        await visit.Page.WaitForSelectorAsync(".feed li:has-text('12347 went to Loyal')");
        visit.Service.Move("12360", "champions");
        await visit.Page.WaitForSelectorAsync(".feed li:first-child:has-text('12360 came from Loyal')");
    }

    [BrowserFact]
    public async Task Pulse_changes_the_figures_and_draws_the_chart()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/ingestion");
        await visit.ConnectedAsync();
        visit.Service.Pulse(1_234);
        await visit.Page.WaitForSelectorAsync(".tile strong:has-text('1,234')");
        await visit.Page.WaitForSelectorAsync("#pulse:has-text('Live · 1,234/s')");
        await visit.Page.WaitForSelectorAsync("[data-points='1']");

        visit.Service.Pulse(4_321, rejections: 13);
        await visit.Page.WaitForSelectorAsync(".tile strong:has-text('4,321')");
        await visit.Page.WaitForSelectorAsync("[data-points='2']");
        await visit.Page.ClickAsync("text=Show new rejections");
        await visit.Page.WaitForSelectorAsync("text=Show new rejections", new() { State = Microsoft.Playwright.WaitForSelectorState.Hidden });
    }

    [BrowserFact]
    public async Task Active_model_and_how_far_it_has_read_are_shown_and_change()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/ingestion");
        await visit.ConnectedAsync();
        await visit.Page.WaitForSelectorAsync("#model:has-text('features alone (none is configured)')");

        visit.Service.Models = new ModelsView
        {
            Items = [new ModelView { Id = "shop 2", Version = "2", State = "active" }, new ModelView { Id = "default 1", Version = "1", State = "stored" }],
            Encoding = new EncodingView { Sweeping = true, Customers = 4_000, Looked = 1_250, Waiting = 17, ReadingsPerSecond = 310 },
        };
        visit.Service.Pulse(10);
        await visit.Page.WaitForSelectorAsync("#model:has-text('shop 2 · reading everybody: 1,250 of 4,000 customers, 17 waiting · 310 readings/s')");
        Assert.Empty(visit.Complaints);
    }

    [BrowserFact]
    public async Task Stream_that_breaks_is_opened_again()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/customers/12347");
        await visit.ConnectedAsync();
        visit.Service.Fail("/api/live", 503);
        visit.Service.BreakLiveStreams();
        await visit.Page.WaitForSelectorAsync("#pulse:has-text('Reconnecting')");
        visit.Service.Fail("/api/live", 0);
        await visit.ConnectedAsync();

        visit.Service.Move("12347", "hibernating");
        await visit.Page.WaitForSelectorAsync(".membership .big-name:has-text('Hibernating')");
    }

    [BrowserFact]
    public async Task Reclustering_shows_its_progress_until_it_is_active()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segmentations");
        await visit.ConnectedAsync();
        await visit.Page.CheckAsync("input[value=fixed]", new() { Force = true });
        await visit.Page.FillAsync("input[name=segmentCount]", "5");
        await visit.Page.ClickAsync("text=Re-cluster now");
        await visit.Page.WaitForSelectorAsync("h2:has-text('Segmentation 5 is at work')");
        Assert.Equal(5, visit.Service.Segmentations.LastRequest?.SegmentCount);
        Assert.True(visit.Service.Segmentations.LastRequest?.Activate);

        visit.Service.Progress(5, SegmentationStatus.Running, "fitting", 0.42);
        await visit.Page.WaitForSelectorAsync("[role=progressbar][aria-valuenow='42']");
        await visit.PictureAsync("desk-reclustering");
        visit.Service.Progress(5, SegmentationStatus.Activating, "assigning", 0.9);
        await visit.Page.WaitForSelectorAsync("text=Assigning everybody");
        visit.Service.Progress(5, SegmentationStatus.Active, "done", 1);
        await visit.Page.WaitForSelectorAsync("tr:has-text('active'):has(a[href='#/segmentations/5'])");
        Assert.False(await visit.Page.IsVisibleAsync("[role=progressbar]"));
        Assert.Equal("Segmentation 5: active.", await visit.Page.TextContentAsync("#announcer"));
        Assert.Empty(visit.Complaints);
    }
}
