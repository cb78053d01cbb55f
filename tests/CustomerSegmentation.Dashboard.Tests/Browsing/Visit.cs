using System.Collections.Concurrent;
using CustomerSegmentation.Dashboard.Tests.Fake;
using Microsoft.Playwright;

namespace CustomerSegmentation.Dashboard.Tests.Browsing;

/// <summary>A fresh reader in front of a fresh service, who notes every complaint of the browser.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Visit(FakeService service, IBrowserContext context, IPage page)
    {
        Service = service;
        _context = context;
        Page = page;
    }

    public FakeService Service { get; }

    public IPage Page { get; }

    /// <summary>Console errors and warnings, uncaught exceptions, violations of the content security policy, requests to elsewhere.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    public static async Task<Visit> StartAsync(IBrowser browser, int width, int height, ColorScheme scheme)
    {
        var service = await FakeService.StartAsync();
        var context = await browser.NewContextAsync(new BrowserNewContextOptions
        {
            ViewportSize = new ViewportSize { Width = width, Height = height },
            ColorScheme = scheme,
            ReducedMotion = ReducedMotion.Reduce,
            Locale = "en-GB",
            TimezoneId = "UTC",
        });
        context.SetDefaultTimeout(10_000);
        var page = await context.NewPageAsync();
        var visit = new Visit(service, context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") visit._complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => visit._complaints.Enqueue($"exception: {error}");
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != service.Address.Authority) visit._complaints.Enqueue($"request to elsewhere: {request.Url}");
        };
        return visit;
    }

    /// <summary>Opens a route and waits until it is complete.</summary>
    public async Task OpenAsync(string route)
    {
        await Page.GotoAsync(new Uri(Service.Address, "/" + route).AbsoluteUri);
        await SettledAsync();
    }

    /// <summary>Goes to another route of the page that is open.</summary>
    public async Task GoAsync(string route)
    {
        await Page.EvaluateAsync("route => { location.hash = route; }", route);
        await SettledAsync();
    }

    public Task SettledAsync() => Page.WaitForSelectorAsync("main:not([aria-busy]) h1", new PageWaitForSelectorOptions { State = WaitForSelectorState.Attached });

    /// <summary>Waits until the page is connected to the live stream.</summary>
    public Task ConnectedAsync() => Page.WaitForSelectorAsync("#pulse[data-state=live]");

    /// <summary>Keeps a picture where <c>SEGMENTATION_TEST_SCREENSHOTS</c> names a folder.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("SEGMENTATION_TEST_SCREENSHOTS") is not { Length: > 0 } folder) return;
        await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync()
    {
        await _context.DisposeAsync();
        await Service.DisposeAsync();
    }
}
