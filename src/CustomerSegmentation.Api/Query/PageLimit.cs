namespace CustomerSegmentation.Api.Query;

/// <summary>The length of a page of a list.</summary>
internal static class PageLimit
{
    public const int Default = 50;
    public const int Max = 500;

    /// <exception cref="FormatException">Not 1 to 500.</exception>
    public static int Check(int? limit) =>
        limit is null ? Default : limit is >= 1 and <= Max ? limit.Value : throw new FormatException($"limit is not 1 to {Max}.");
}
