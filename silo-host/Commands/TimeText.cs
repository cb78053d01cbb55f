using System.Globalization;

namespace CustomerSegmentation.SiloHost.Commands;

/// <summary>Times and spans on the command line.</summary>
internal static class TimeText
{
    /// <summary>An ISO 8601 date or time; without a zone it is UTC. Null when it is neither.</summary>
    public static DateTimeOffset? ReadTime(string text) =>
        Import.TimeFormat.Iso.Read(text.Trim()) is { } ms ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>A span such as <c>90d</c>, <c>12h</c>, <c>30m</c>, <c>45s</c>; zero or above. Null when it is none.</summary>
    public static TimeSpan? ReadSpan(string text)
    {
        var trimmed = text.AsSpan().Trim();
        if (trimmed.IsEmpty)
        {
            return null;
        }

        var seconds = trimmed[^1] switch
        {
            'd' => 86_400.0,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => 0,
        };
        var number = seconds > 0 ? trimmed[..^1] : trimmed;
        if (!double.TryParse(number, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || (seconds == 0 && value != 0))
        {
            return null;
        }

        return value * seconds <= 36_500 * 86_400.0 ? TimeSpan.FromSeconds(value * seconds) : null;
    }
}
