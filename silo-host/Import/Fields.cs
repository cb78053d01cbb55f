using System.Globalization;

namespace CustomerSegmentation.SiloHost.Import;

/// <summary>Reading of single fields.</summary>
internal static class Fields
{
    private const int TextCharsMax = 500;
    private const int CustomerIdCharsMax = 200;

    /// <summary>A finite number written with a decimal point; null when it is none.</summary>
    public static double? Number(string text) =>
        double.TryParse(text.AsSpan().Trim(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    /// <summary>The text without white space around it, bounded; null when nothing is left.</summary>
    public static string? Text(string text, int charsMax = TextCharsMax)
    {
        var trimmed = text.Trim();
        if (trimmed.Length == 0)
        {
            return null;
        }

        return trimmed.Length <= charsMax ? trimmed : trimmed[..(char.IsHighSurrogate(trimmed[charsMax - 1]) ? charsMax - 1 : charsMax)];
    }

    /// <summary>
    /// A customer id as every import writes it: whole numbers lose the <c>.0</c> that spreadsheets and data frames put behind them. Null when the field is
    /// empty; an empty string when the id is longer than 200 characters or holds control characters.
    /// </summary>
    public static string? CustomerId(string text)
    {
        var id = text.AsSpan().Trim();
        if (id.IsEmpty)
        {
            return null;
        }

        if (id.EndsWith(".0") && id.Length > 2 && !id[..^2].ContainsAnyExceptInRange('0', '9'))
        {
            id = id[..^2];
        }

        if (id.Length > CustomerIdCharsMax)
        {
            return "";
        }

        foreach (var character in id)
        {
            if (char.IsControl(character))
            {
                return "";
            }
        }

        return id.ToString();
    }
}
