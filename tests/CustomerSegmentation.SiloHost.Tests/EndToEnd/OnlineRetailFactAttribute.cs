namespace CustomerSegmentation.SiloHost.Tests.EndToEnd;

/// <summary>A test on the real Online Retail table, which lies beside the repository: skipped where it is missing, but never in continuous integration.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OnlineRetailFactAttribute : FactAttribute
{
    public OnlineRetailFactAttribute()
    {
        if (!File.Exists(TablePath) && Environment.GetEnvironmentVariable("CI") != "true")
        {
            Skip = $"the table {TablePath} is not there";
        }
    }

    /// <summary>../shared/data/online-retail.csv.gz, seen from the repository.</summary>
    public static string TablePath { get; } = Find();

    private static string Find()
    {
        const string Relative = "shared/data/online-retail.csv.gz";
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "CustomerSegmentation.sln")))
            {
                return Path.GetFullPath(Path.Combine(folder.FullName, "..", Relative));
            }
        }

        return Path.GetFullPath(Relative);
    }
}
