namespace CustomerSegmentation.Dashboard.Tests.Browsing;

/// <summary>Like <see cref="BrowserFactAttribute"/>, with data.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute() => Skip = Reason;

    /// <summary>Why browser tests are skipped; null when they run.</summary>
    internal static string? Reason
    {
        get
        {
            if (Environment.GetEnvironmentVariable("CI") == "true") return null;
            if (Chromium.Path is null) return "There is no Chromium; name one in SEGMENTATION_TEST_CHROMIUM.";
            return Chromium.PageIsBuilt ? null : "The page is not built: npm ci && npm run build in src/CustomerSegmentation.Dashboard/page.";
        }
    }
}
