namespace CustomerSegmentation.Dashboard.Tests.Browsing;

/// <summary>A test in a browser. Without a browser or a built page it is skipped on a laptop and fails in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute() => Skip = BrowserTheoryAttribute.Reason;
}
