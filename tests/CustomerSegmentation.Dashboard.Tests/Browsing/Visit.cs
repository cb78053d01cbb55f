using System.Collections.Concurrent;
using CustomerSegmentation.Dashboard.Tests.Fake;
using Microsoft.Playwright;

namespace CustomerSegmentation.Dashboard.Tests.Browsing;

/// <summary>A fresh reader in front of a service, who notes every complaint of the browser.</summary>
internal sealed class Visit : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly FakeService? _service;
    private readonly Uri _address;
    private readonly ConcurrentQueue<string> _complaints = new();

    private Visit(FakeService? service, Uri address, IBrowserContext context, IPage page)
    {
        _service = service;
        _address = address;
        _context = context;
        Page = page;
    }

    /// <summary>The service that the test prepared.</summary>
    public FakeService Service => _service ?? throw new InvalidOperationException("The reader is in front of a real service.");

    public IPage Page { get; }

    /// <summary>Console errors and warnings, uncaught exceptions, violations of the content security policy, requests to elsewhere.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints;

    /// <summary>A reader in front of a fresh service made for the test.</summary>
    public static async Task<Visit> StartAsync(IBrowser browser, int width, int height, ColorScheme scheme)
    {
        var service = await FakeService.StartAsync();
        return await StartAsync(browser, service, service.Address, width, height, scheme);
    }

    /// <summary>A reader in front of a service that is there already.</summary>
    public static Task<Visit> StartAsync(IBrowser browser, Uri address) => StartAsync(browser, null, address, 1280, 900, ColorScheme.Light);

    private static async Task<Visit> StartAsync(IBrowser browser, FakeService? service, Uri address, int width, int height, ColorScheme scheme)
    {
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
        var visit = new Visit(service, address, context, page);
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning") visit._complaints.Enqueue($"{message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => visit._complaints.Enqueue($"exception: {error}");
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url).Authority != address.Authority) visit._complaints.Enqueue($"request to elsewhere: {request.Url}");
        };
        return visit;
    }

    /// <summary>Opens a route and waits until it is complete.</summary>
    public async Task OpenAsync(string route)
    {
        await Page.GotoAsync(new Uri(_address, "/" + route).AbsoluteUri);
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
        if (_service is not null) await _service.DisposeAsync();
    }
}
