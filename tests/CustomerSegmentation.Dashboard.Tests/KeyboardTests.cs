using CustomerSegmentation.Dashboard.Tests.Browsing;

namespace CustomerSegmentation.Dashboard.Tests;

[Collection(BrowserGroup.Name)]
public sealed class KeyboardTests(BrowserFixture browser)
{
    private const int StepLimit = 300;

    [BrowserTheory]
    [InlineData("#/segments")]
    [InlineData("#/segments/champions")]
    [InlineData("#/customers/12347")]
    [InlineData("#/segmentations")]
    [InlineData("#/segmentations/4")]
    [InlineData("#/ingestion")]
    public async Task Tab_key_reaches_everything_that_can_be_used_and_shows_where_it_is(string route)
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync(route);
        var wanted = await visit.Page.EvaluateAsync<int>(
            """
            () => {
              const usable = [...document.querySelectorAll('a[href], button, input, select, summary')].filter(e =>
                e.checkVisibility() && !e.disabled && !(e.type === 'radio' && !e.checked));
              usable.forEach((e, i) => { e.dataset.walk = i; });
              return usable.length;
            }
            """);
        Assert.True(wanted > 10);

        var reached = new HashSet<int>();
        for (var step = 0; step < StepLimit && reached.Count < wanted; step++)
        {
            await visit.Page.Keyboard.PressAsync("Tab");
            var at = await visit.Page.EvaluateAsync<string?>(
                """
                () => {
                  const e = document.activeElement;
                  if (e?.dataset?.walk === undefined) return null;
                  const shown = e.type === 'radio' ? e.nextElementSibling : e;
                  const style = getComputedStyle(shown);
                  return e.dataset.walk + (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 ? '' : ' without outline: ' + e.outerHTML);
                }
                """);
            if (at is not null) reached.Add(int.Parse(at, System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.Equal(wanted, reached.Count);
    }

    [BrowserFact]
    public async Task Skip_link_moves_the_focus_past_the_navigation()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segments");
        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("Skip to content", await visit.Page.EvaluateAsync<string>("() => document.activeElement.textContent"));
        await visit.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("main", await visit.Page.EvaluateAsync<string>("() => document.activeElement.id"));
        Assert.EndsWith("#/segments", visit.Page.Url, StringComparison.Ordinal);
        await visit.Page.Keyboard.PressAsync("Tab");
        Assert.True(await visit.Page.EvaluateAsync<bool>("() => !!document.activeElement.closest('main')"));
    }

    [BrowserFact]
    public async Task Following_a_link_moves_the_focus_to_the_new_heading()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segments");
        await visit.Page.FocusAsync("header nav a[href='#/segmentations']");
        await visit.Page.Keyboard.PressAsync("Enter");
        await visit.Page.WaitForSelectorAsync("[data-route=segmentations] h1:focus", new() { State = Microsoft.Playwright.WaitForSelectorState.Attached });
        Assert.Equal("Segmentations – Customer Segmentation", await visit.Page.TitleAsync());
        Assert.Equal("#/segmentations", await visit.Page.GetAttributeAsync("header nav [aria-current=page]", "href"));
    }

    [BrowserFact]
    public async Task Arrow_keys_change_the_period_of_the_flows()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segments");
        await visit.Page.WaitForSelectorAsync("text=most from New to Hibernating (63)");
        await visit.Page.FocusAsync("input[name=period]:checked");
        await visit.Page.Keyboard.PressAsync("ArrowRight");
        await visit.Page.WaitForSelectorAsync("text=most from New to Hibernating (270)");
        Assert.Equal("30", await visit.Page.EvaluateAsync<string>("() => document.activeElement.value"));
    }

    [BrowserFact]
    public async Task Page_has_landmarks_one_heading_and_names_for_every_control()
    {
        await using var visit = await browser.VisitAsync();
        await visit.OpenAsync("#/segments");
        foreach (var route in new[] { "#/segments", "#/customers/12347", "#/segmentations/4", "#/ingestion" })
        {
            await visit.GoAsync(route);
            var landmarks = await visit.Page.EvaluateAsync<int[]>("() => ['h1', 'main', 'header', 'footer'].map(s => document.querySelectorAll(s).length)");
            Assert.Equal([1, 1, 1, 1], landmarks);
            var nameless = await visit.Page.EvaluateAsync<string[]>(
                """
                () => [...document.querySelectorAll('input, button, a[href], [role=img]')]
                  .filter(e => !(e.labels?.length || e.textContent.trim() || e.getAttribute('aria-label')))
                  .map(e => e.outerHTML)
                """);
            Assert.Empty(nameless);
            var twice = await visit.Page.EvaluateAsync<string[]>(
                "() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.filter((id, i) => ids.indexOf(id) !== i); }");
            Assert.Empty(twice);
        }
    }
}
