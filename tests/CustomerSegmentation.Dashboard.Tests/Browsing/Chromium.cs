namespace CustomerSegmentation.Dashboard.Tests.Browsing;

/// <summary>Where the browser is that the tests drive.</summary>
internal static class Chromium
{
    private static readonly string[] KnownPaths =
    [
        "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/snap/bin/chromium",
        "/Applications/Chromium.app/Contents/MacOS/Chromium", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];

    /// <summary>The path in <c>SEGMENTATION_TEST_CHROMIUM</c>, else a well-known one; null when there is no browser.</summary>
    public static string? Path { get; } =
        Environment.GetEnvironmentVariable("SEGMENTATION_TEST_CHROMIUM") is { Length: > 0 } path ? path : KnownPaths.FirstOrDefault(File.Exists);

    public static bool PageIsBuilt { get; } = File.Exists(System.IO.Path.Combine(AppContext.BaseDirectory, "dashboard", "index.html"));

    /// <summary>No sandbox: test machines run as root in containers. Nothing outside the test is contacted.</summary>
    public static string[] Arguments { get; } =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];
}
