using System.Text.Json;
using CustomerSegmentation.Domain.Features;

namespace CustomerSegmentation.Domain.Audiences;

/// <summary>Reads the JSON of a rule; every refusal names the place as a JSON path.</summary>
internal static class AudienceRuleParser
{
    private const int DepthMax = 16;
    private const int ConditionsMax = 200;
    private const int TextMax = 500;

    public static AudienceRule Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 3 * DepthMax });
            var conditions = 0;
            return new AudienceRule(Read(document.RootElement, "$", 1, ref conditions));
        }
        catch (JsonException e)
        {
            throw new FormatException($"$: the rule is not valid JSON, line {e.LineNumber + 1}, position {e.BytePositionInLine + 1}.", e);
        }
    }

    private static Condition Read(JsonElement element, string path, int depth, ref int conditions)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Refuse(path, "a condition is an object with all, any, not, feature, trait or segment");
        }

        if (depth > DepthMax)
        {
            throw Refuse(path, $"conditions are nested at most {DepthMax} deep");
        }

        if (++conditions > ConditionsMax)
        {
            throw Refuse(path, $"a rule has at most {ConditionsMax} conditions");
        }

        foreach (var property in element.EnumerateObject())
        {
            var below = $"{path}.{property.Name}";
            switch (property.Name)
            {
                case "all":
                    Only(element, path, "all");
                    return new AllCondition(ReadList(property.Value, below, depth, ref conditions));
                case "any":
                    Only(element, path, "any");
                    return new AnyCondition(ReadList(property.Value, below, depth, ref conditions));
                case "not":
                    Only(element, path, "not");
                    return new NotCondition(Read(property.Value, below, depth + 1, ref conditions));
                case "segment":
                    Only(element, path, "segment");
                    return ReadSegment(property.Value, below);
                case "feature":
                    Only(element, path, "feature", "op", "value");
                    return ReadFeature(element, path);
                case "trait":
                    Only(element, path, "trait", "op", "value");
                    return ReadTrait(element, path);
                default:
                    break;
            }
        }

        throw Refuse(path, "a condition needs one of all, any, not, feature, trait, segment");
    }

    private static List<Condition> ReadList(JsonElement list, string path, int depth, ref int conditions)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
        {
            throw Refuse(path, "a list of at least one condition is needed");
        }

        var parts = new List<Condition>();
        foreach (var item in list.EnumerateArray())
        {
            parts.Add(Read(item, $"{path}[{parts.Count}]", depth + 1, ref conditions));
        }

        return parts;
    }

    private static SegmentCondition ReadSegment(JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return new SegmentCondition(new HashSet<string>(StringComparer.Ordinal) { Text(value, path) });
        }

        if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty("in", out var list))
        {
            throw Refuse(path, "a segment key is needed, or {\"in\": [keys]}");
        }

        Only(value, path, "in");
        return new SegmentCondition(Items(list, $"{path}.in").Select(i => Text(i.Value, i.Path)).ToHashSet(StringComparer.Ordinal));
    }

    private static FeatureCondition ReadFeature(JsonElement element, string path)
    {
        var name = Text(element.GetProperty("feature"), $"{path}.feature");
        var index = FeatureSchema.Current.IndexOf(name);
        if (index < 0)
        {
            throw Refuse($"{path}.feature", $"there is no feature '{name}'");
        }

        var op = Operator(element, path);
        var comparison = Comparisons.Parse(op) ?? throw Refuse($"{path}.op", $"a feature is compared by = != > >= < <=, not by '{op}'");
        return new FeatureCondition(FeatureSchema.Current.Columns[index], comparison, (float)Number(Value(element, path), $"{path}.value"));
    }

    private static TraitCondition ReadTrait(JsonElement element, string path)
    {
        var name = Text(element.GetProperty("trait"), $"{path}.trait");
        var op = Operator(element, path);
        var value = Value(element, path);
        var below = $"{path}.value";
        return new TraitCondition(name, op switch
        {
            "exists" when value.ValueKind is JsonValueKind.True or JsonValueKind.False => new TraitTest.Exists(value.GetBoolean()),
            "exists" => throw Refuse(below, "true or false is needed"),
            "contains" => new TraitTest.Contains(Text(value, below)),
            "in" => new TraitTest.OneOf([.. Items(value, below).Select(i => Compare(Comparison.Equal, i.Value, i.Path))]),
            _ when Comparisons.Parse(op) is { } comparison => Compare(comparison, value, below),
            _ => throw Refuse($"{path}.op", $"a trait is tested by = != > >= < <= in exists contains, not by '{op}'"),
        });
    }

    private static TraitTest Compare(Comparison comparison, JsonElement value, string path) => value.ValueKind switch
    {
        JsonValueKind.Number => new TraitTest.ComparesNumber(comparison, Number(value, path)),
        JsonValueKind.True or JsonValueKind.False when comparison is Comparison.Equal or Comparison.NotEqual =>
            new TraitTest.EqualsText(value.GetBoolean() ? "true" : "false", comparison == Comparison.Equal),
        JsonValueKind.String when comparison is Comparison.Equal or Comparison.NotEqual =>
            new TraitTest.EqualsText(Text(value, path), comparison == Comparison.Equal),
        _ => throw Refuse(path, "text, true and false are compared by = and != only; the other comparisons need a number"),
    };

    private static List<(JsonElement Value, string Path)> Items(JsonElement list, string path)
    {
        if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() is 0 or > ConditionsMax)
        {
            throw Refuse(path, $"a list of 1 to {ConditionsMax} values is needed");
        }

        return [.. list.EnumerateArray().Select((item, i) => (item, $"{path}[{i}]"))];
    }

    private static string Operator(JsonElement element, string path) => element.TryGetProperty("op", out var op)
        ? Text(op, $"{path}.op")
        : throw Refuse(path, "an op is missing");

    private static JsonElement Value(JsonElement element, string path) => element.TryGetProperty("value", out var value)
        ? value
        : throw Refuse(path, "a value is missing");

    private static string Text(JsonElement value, string path)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 and <= TextMax } text
                ? text
                : throw Refuse(path, $"text of 1 to {TextMax} characters is needed");
        }
        catch (InvalidOperationException e)
        {
            throw new FormatException($"{path}: the text is not valid Unicode.", e);
        }
    }

    private static double Number(JsonElement value, string path) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Refuse(path, "a finite number is needed");

    /// <summary>Refuses properties that the condition does not know: a misspelt one would be left out in silence.</summary>
    private static void Only(JsonElement element, string path, params ReadOnlySpan<string> known)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in element.EnumerateObject())
        {
            if (!known.Contains(property.Name))
            {
                throw Refuse($"{path}.{property.Name}", $"this is not known beside {known[0]}");
            }

            if (!seen.Add(property.Name))
            {
                throw Refuse($"{path}.{property.Name}", "this comes twice");
            }
        }
    }

    private static FormatException Refuse(string path, string why) => new($"{path}: {why}.");
}
