using System.Globalization;
using System.Text;

namespace CustomerSegmentation.Domain.Segments;

/// <summary>Puts features and their values into plain words.</summary>
internal static class FeatureWords
{
    private static readonly Dictionary<string, string> Labels = new(StringComparer.Ordinal)
    {
        ["recencyDays"] = "time since the last order",
        ["inactivityDays"] = "time since the last visit",
        ["tenureDays"] = "time known",
        ["frequency"] = "orders",
        ["monetary"] = "money spent",
        ["averageOrderValue"] = "average order",
        ["orderGapDays"] = "time between orders",
        ["discountedOrderShare"] = "orders at a discount",
        ["refundShare"] = "money returned",
        ["basketUnits"] = "units in an order",
        ["unitPrice"] = "unit price",
        ["distinctProducts"] = "different products",
        ["distinctCategories"] = "different categories",
    };

    /// <summary>The feature's label: its known one, or its name in words without the unit.</summary>
    public static string Label(string feature, string unit)
    {
        if (Labels.TryGetValue(feature, out var label))
        {
            return label;
        }

        var words = new StringBuilder();
        foreach (var letter in feature)
        {
            if ((char.IsUpper(letter) || (char.IsDigit(letter) && words.Length > 0 && !char.IsDigit(words[^1]))) && words.Length > 0)
            {
                words.Append(' ');
            }

            words.Append(char.ToLowerInvariant(letter));
        }

        // orders30d: a sum in which each event counts half after so many days.
        if (words.Length > 2 && words[^1] == 'd' && char.IsDigit(words[^2]))
        {
            words.Length--;
            var text = words.ToString();
            var space = text.LastIndexOf(' ');
            return $"recent {text[..space]} (half-life {text[(space + 1)..]} days)";
        }

        var phrase = words.ToString();
        return phrase.EndsWith(" " + unit, StringComparison.Ordinal) ? phrase[..^(unit.Length + 1)] : phrase;
    }

    /// <summary>The value with its unit: 4 days, 12%, 3,200.</summary>
    public static string Value(double value, string unit) => unit switch
    {
        "share" => Percent(value),
        "currency" or "ratio" or "nats" => Number(value),
        _ => $"{Number(value)} {Unit(value, unit)}",
    };

    /// <summary>The value after its label, which says already what is counted: 4 days, 12%, 34.</summary>
    public static string Measure(double value, string unit) => unit is "days" or "share" ? Value(value, unit) : Number(value);

    public static string Percent(double share)
    {
        // Adding zero turns a negative zero into zero.
        var percent = Math.Round(share * 100) + 0.0;
        return percent.ToString("0", CultureInfo.InvariantCulture) + "%";
    }

    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 10 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 1 => value.ToString("0.#", CultureInfo.InvariantCulture),
        _ => value.ToString("0.##", CultureInfo.InvariantCulture),
    };

    /// <summary>One order, two orders.</summary>
    public static string Unit(double value, string unit)
    {
        if (Number(value) != "1")
        {
            return unit;
        }

        return unit.EndsWith("ies", StringComparison.Ordinal) ? unit[..^3] + "y" : unit.EndsWith('s') ? unit[..^1] : unit;
    }
}
