using System.Globalization;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>How a table writes its times. Times without a zone are UTC.</summary>
internal sealed class TimeFormat
{
    private static readonly string[] IsoPatterns =
    [
        "yyyy-MM-dd HH:mm:ss", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-dd", "yyyy-MM-dd HH:mm", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ss.FFFFFFF", "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mmK", "yyyyMMddTHHmmssK",
    ];

    private const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal | DateTimeStyles.AllowWhiteSpaces;

    private readonly string[] _patterns;
    private readonly long _unixUnitMs;

    private TimeFormat(string name, string[] patterns, long unixUnitMs)
    {
        Name = name;
        _patterns = patterns;
        _unixUnitMs = unixUnitMs;
    }

    /// <summary>ISO 8601 dates and times, with <c>T</c> or a blank between them.</summary>
    public static TimeFormat Iso { get; } = new("iso", IsoPatterns, 0);

    /// <summary>ISO 8601, and the month-first form in which spreadsheets save the Online Retail table.</summary>
    public static TimeFormat OnlineRetail { get; } = new("iso", [.. IsoPatterns, "M/d/yyyy H:mm", "M/d/yyyy H:mm:ss"], 0);

    public string Name { get; }

    /// <summary>Reads a format's name: <c>iso</c>, <c>unix</c> (seconds), <c>unixms</c>, or a .NET pattern such as <c>yyyyMMdd</c>.</summary>
    /// <exception cref="FormatException">The pattern can format nothing.</exception>
    public static TimeFormat Parse(string text)
    {
        switch (text.ToLowerInvariant())
        {
            case "" or "iso":
                return Iso;
            case "unix" or "unixs":
                return new("unix", [], 1000);
            case "unixms":
                return new("unixms", [], 1);
            default:
                _ = DateTimeOffset.UnixEpoch.ToString(text, CultureInfo.InvariantCulture);
                return new(text, [text], 0);
        }
    }

    /// <summary>Milliseconds since 1970-01-01 UTC, or null when the text is not a time in this format.</summary>
    public long? Read(string text)
    {
        if (_unixUnitMs > 0)
        {
            var number = Fields.Number(text);
            return number is { } value && Math.Abs(value * _unixUnitMs) < 1e15 ? (long)Math.Round(value * _unixUnitMs) : null;
        }

        foreach (var pattern in _patterns)
        {
            if (DateTimeOffset.TryParseExact(text, pattern, CultureInfo.InvariantCulture, Styles, out var time))
            {
                return time.ToUnixTimeMilliseconds();
            }
        }

        return null;
    }
}
