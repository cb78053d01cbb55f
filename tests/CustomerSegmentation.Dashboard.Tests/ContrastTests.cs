using CustomerSegmentation.Dashboard.Tests.Browsing;
using Microsoft.Playwright;

namespace CustomerSegmentation.Dashboard.Tests;

/// <summary>Contrast as WCAG 2.2 defines it: 4.5 for text (1.4.3), 3 for what a chart is read by (1.4.11).</summary>
[Collection(BrowserGroup.Name)]
public sealed class ContrastTests(BrowserFixture browser)
{
    private static readonly string[] Routes =
        ["#/segments", "#/segments/at-risk", "#/customers", "#/customers/12347", "#/segmentations", "#/segmentations/4", "#/ingestion"];

    private const string Functions =
        """
        const rgba = text => { const n = text.match(/[\d.]+/g).map(Number); return n.length === 3 ? [...n, 1] : n; };
        const over = (top, below) => [0, 1, 2].map(i => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
        const luminance = c => c.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
          .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
        const contrast = (a, b) => { const [x, y] = [luminance(a), luminance(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
        const ground = e => {
          const layers = [];
          for (let at = e; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
          return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
        };
        """;

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Text_on_every_route_has_a_contrast_of_at_least_4_5(ColorScheme scheme)
    {
        await using var visit = await browser.VisitAsync(scheme: scheme);
        await visit.OpenAsync("#/segments");
        var texts = 0;
        foreach (var route in Routes)
        {
            await visit.GoAsync(route);
            await visit.Page.EvaluateAsync("() => document.querySelectorAll('details').forEach(e => { e.open = true; })");
            var found = await visit.Page.EvaluateAsync<string[]>(
                "() => {" + Functions +
                """
                  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
                  const results = [];
                  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
                    const e = node.parentElement;
                    if (!node.data.trim() || !e.checkVisibility() || e.closest('.visually-hidden, :disabled, .skip')) continue;
                    const below = ground(e);
                    const ratio = contrast(over(rgba(getComputedStyle(e).color), below), below);
                    results.push((ratio < 4.5 ? 'low ' : 'fine ') + ratio.toFixed(2) + ' ' + node.data.trim().slice(0, 40));
                  }
                  return results;
                }
                """);
            Assert.DoesNotContain(found, text => text.StartsWith("low", StringComparison.Ordinal));
            texts += found.Length;
        }

        Assert.True(texts > 300, $"Only {texts} texts were looked at.");
    }

    [BrowserTheory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Segment_colours_on_a_card_have_a_contrast_of_at_least_3(ColorScheme scheme)
    {
        await using var visit = await browser.VisitAsync(scheme: scheme);
        await visit.OpenAsync("#/segments");
        var ratios = await visit.Page.EvaluateAsync<double[]>(
            "() => {" + Functions +
            """
              const probe = document.createElement('div');
              document.body.append(probe);
              const colour = name => { probe.style.color = `var(${name})`; return rgba(getComputedStyle(probe).color); };
              const surface = colour('--surface');
              return [...Array(12).keys()].map(i => contrast(colour(`--seg-${i}`), surface));
            }
            """);
        Assert.Equal(12, ratios.Length);
        Assert.All(ratios, ratio => Assert.InRange(ratio, 3, 21));
    }

    [BrowserFact]
    public async Task Dark_by_the_button_has_the_same_colours_as_dark_by_the_system()
    {
        await using var dark = await browser.VisitAsync(scheme: ColorScheme.Dark);
        await dark.OpenAsync("#/segments");
        await using var light = await browser.VisitAsync();
        await light.OpenAsync("#/segments");
        await light.Page.ClickAsync("#theme");
        await light.Page.ClickAsync("#theme");
        Assert.Equal("● Dark", await light.Page.InnerTextAsync("#theme"));

        const string all =
            """
            () => {
              const names = ['--ground', '--surface', '--sunken', '--text', '--muted', '--line', '--accent', '--on-accent', '--warn', '--danger', '--good', '--seg-none',
                ...[...Array(12).keys()].map(i => `--seg-${i}`)];
              return names.map(name => getComputedStyle(document.documentElement).getPropertyValue(name));
            }
            """;
        Assert.Equal(await dark.Page.EvaluateAsync<string[]>(all), await light.Page.EvaluateAsync<string[]>(all));
        await light.Page.ReloadAsync();
        await light.SettledAsync();
        Assert.Equal("● Dark", await light.Page.InnerTextAsync("#theme"));
    }
}
