namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>
/// Reads ISO 8601 times: <c>YYYY-MM-DD</c>, then optionally <c>T</c> or a space and <c>HH:MM[:SS[.fraction]]</c>, then optionally <c>Z</c> or an offset
/// <c>±HH[[:]MM]</c>. Without an offset the time is UTC. Years 0001 to 9999; fractions are cut to milliseconds.
/// </summary>
internal static class IsoTimestamp
{
    /// <summary>Milliseconds since 1970-01-01 UTC.</summary>
    public static bool TryParse(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.Length is < 10 or > 40 || text[4] != '-' || text[7] != '-'
            || !TryDigits(text[..4], out var year) || !TryDigits(text.Slice(5, 2), out var month) || !TryDigits(text.Slice(8, 2), out var day)
            || year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month))
        {
            return false;
        }

        milliseconds = (new DateOnly(year, month, day).DayNumber - DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber) * 86_400_000L;
        text = text[10..];
        if (text.IsEmpty)
        {
            return true;
        }

        if (text[0] is not ((byte)'T' or (byte)'t' or (byte)' ') || !TryTimeOfDay(text[1..], out var timeMs, out var used))
        {
            return false;
        }

        milliseconds += timeMs;
        if (!TryOffset(text[(1 + used)..], out var offsetMs))
        {
            return false;
        }

        milliseconds -= offsetMs;
        return true;
    }

    private static bool TryTimeOfDay(ReadOnlySpan<byte> text, out long milliseconds, out int used)
    {
        milliseconds = 0;
        used = 5;
        if (text.Length < 5 || text[2] != ':' || !TryDigits(text[..2], out var hour) || !TryDigits(text.Slice(3, 2), out var minute)
            || hour > 23 || minute > 59)
        {
            return false;
        }

        milliseconds = (hour * 3_600_000L) + (minute * 60_000L);
        if (text.Length < 6 || text[5] != ':')
        {
            return true;
        }

        if (text.Length < 8 || !TryDigits(text.Slice(6, 2), out var second) || second > 59)
        {
            return false;
        }

        milliseconds += second * 1_000L;
        used = 8;
        if (text.Length == 8 || text[8] is not ((byte)'.' or (byte)','))
        {
            return true;
        }

        var scale = 100;
        for (used = 9; used < text.Length && char.IsAsciiDigit((char)text[used]); used++)
        {
            milliseconds += (text[used] - '0') * scale;
            scale /= 10;
        }

        return used > 9;
    }

    private static bool TryOffset(ReadOnlySpan<byte> text, out long milliseconds)
    {
        milliseconds = 0;
        if (text.IsEmpty || (text.Length == 1 && (text[0] | 0x20) == (byte)'z'))
        {
            return true;
        }

        if (text.Length < 3 || text[0] is not ((byte)'+' or (byte)'-') || !TryDigits(text.Slice(1, 2), out var hours) || hours > 23)
        {
            return false;
        }

        var rest = text[3..];
        if (!rest.IsEmpty && rest[0] == ':')
        {
            rest = rest[1..];
        }

        var minutes = 0;
        if (text.Length > 3 && (rest.Length != 2 || !TryDigits(rest, out minutes) || minutes > 59))
        {
            return false;
        }

        milliseconds = ((hours * 60L) + minutes) * 60_000L * (text[0] == '-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int value)
    {
        value = 0;
        foreach (var digit in text)
        {
            if (!char.IsAsciiDigit((char)digit))
            {
                return false;
            }

            value = (value * 10) + (digit - '0');
        }

        return true;
    }
}
