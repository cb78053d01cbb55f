using Microsoft.Playwright;

namespace CustomerSegmentation.Dashboard.Tests.Browsing;

/// <summary>One browser for all tests of the collection; each test has its own service and its own browser context.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (BrowserTheoryAttribute.Reason is not null) return;
        if (Chromium.Path is null) throw new InvalidOperationException("There is no Chromium; name one in SEGMENTATION_TEST_CHROMIUM.");
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions { ExecutablePath = Chromium.Path, Args = Chromium.Arguments });
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
    }

    internal Task<Visit> VisitAsync(int width = 1280, int height = 900, ColorScheme scheme = ColorScheme.Light) =>
        Visit.StartAsync(_browser!, width, height, scheme);

    /// <summary>A visit to a service that is there already.</summary>
    internal Task<Visit> VisitAsync(Uri address) => Visit.StartAsync(_browser!, address);
}
