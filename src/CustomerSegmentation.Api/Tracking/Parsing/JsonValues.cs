using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Reads single JSON values in the tolerant way that SDKs need: numbers as text, text as numbers.</summary>
internal static class JsonValues
{
    /// <summary>Largest magnitude of any amount, price, quantity: squares and sums of it stay far from overflow.</summary>
    public const double NumberMax = 1e12;

    /// <summary>How deep an event may nest.</summary>
    public const int DepthMax = 64;

    /// <summary>Text or a number as text; null for a JSON null.</summary>
    /// <param name="isUnique">The text is hardly seen again: not worth a place among the known strings.</param>
    public static ValueFault ReadText(ref Utf8JsonReader reader, ParseScratch scratch, int charsMax, out string? text, bool isUnique = false)
    {
        text = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return ValueFault.None;
            case JsonTokenType.Number:
                return Decode(reader.ValueSpan, scratch, charsMax, isUnique, out text);
            case JsonTokenType.String when !reader.ValueIsEscaped:
                return Decode(reader.ValueSpan, scratch, charsMax, isUnique, out text);
            case JsonTokenType.String:
                return !scratch.TryUnescape(ref reader, out var plain) || plain.Contains((byte)0)
                    ? ValueFault.BadText
                    : Decode(plain, scratch, charsMax, isUnique, out text);
            default:
                return ValueFault.WrongType;
        }
    }

    /// <summary>The name of the property that the reader stands on.</summary>
    public static ValueFault ReadName(ref Utf8JsonReader reader, ParseScratch scratch, out string name)
    {
        if (!reader.ValueIsEscaped)
        {
            name = scratch.Strings.Get(reader.ValueSpan);
            return ValueFault.None;
        }

        var whole = scratch.TryUnescape(ref reader, out var plain) && !plain.Contains((byte)0);
        name = whole ? scratch.Strings.Get(plain) : "";
        return whole ? ValueFault.None : ValueFault.BadText;
    }

    /// <summary>The beginning of a text, never half a surrogate pair.</summary>
    public static string Cut(string text, int charsMax) =>
        text.Length <= charsMax ? text : text[..(char.IsHighSurrogate(text[charsMax - 1]) ? charsMax - 1 : charsMax)];

    /// <summary>A number or text that holds one; null for a JSON null or empty text.</summary>
    public static ValueFault ReadNumber(ref Utf8JsonReader reader, out double? number)
    {
        number = null;
        double value;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return ValueFault.None;
            case JsonTokenType.Number:
                reader.TryGetDouble(out value);
                break;
            case JsonTokenType.String when reader.ValueSpan.IsEmpty:
                return ValueFault.None;
            case JsonTokenType.String
                when !reader.ValueIsEscaped && Utf8Parser.TryParse(reader.ValueSpan, out value, out var used) && used == reader.ValueSpan.Length:
                break;
            default:
                return ValueFault.WrongType;
        }

        if (!double.IsFinite(value))
        {
            return ValueFault.NotFinite;
        }

        if (Math.Abs(value) > NumberMax)
        {
            return ValueFault.OutOfRange;
        }

        number = value;
        return ValueFault.None;
    }

    /// <summary>
    /// Passes over a value, checking what a reader of the kept text relies on: depth, number of properties, finite numbers, whole surrogate pairs.
    /// </summary>
    public static void Skip(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            CheckScalar(ref reader, scratch, draft);
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.CurrentDepth - draft.Depth > DepthMax)
            {
                draft.Fail(RejectionCodes.TooDeep, "The event nests deeper than 64 levels.");
            }

            CheckScalar(ref reader, scratch, draft);
        }
    }

    private static void CheckScalar(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.PropertyName:
                CountProperty(scratch, draft);
                CheckEscapes(ref reader, scratch, draft);
                break;
            case JsonTokenType.String:
                CheckEscapes(ref reader, scratch, draft);
                break;
            case JsonTokenType.Number:
                // A double holds every number of up to 300 plain digits.
                if ((reader.ValueSpan.Length > 300 || reader.ValueSpan.IndexOfAny((byte)'e', (byte)'E') >= 0)
                    && !(reader.TryGetDouble(out var value) && double.IsFinite(value)))
                {
                    draft.Fail(RejectionCodes.NumberOutOfRange, "A number is too large for a double.");
                }

                break;
        }
    }

    public static void CountProperty(ParseScratch scratch, EventDraft draft)
    {
        if (++draft.PropertyCount > scratch.Limits.PropertiesMax)
        {
            draft.Fail(RejectionCodes.TooManyProperties, $"The event has more than {scratch.Limits.PropertiesMax} properties.");
        }
    }

    private static void CheckEscapes(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        if (reader.ValueIsEscaped && !draft.Failed && !scratch.TryUnescape(ref reader, out _))
        {
            draft.Fail(RejectionCodes.InvalidText, "A text holds half a surrogate pair.");
        }
    }

    private static ValueFault Decode(ReadOnlySpan<byte> bytes, ParseScratch scratch, int charsMax, bool isUnique, out string text)
    {
        text = isUnique ? Encoding.UTF8.GetString(bytes) : scratch.Strings.Get(bytes);
        if (text.Length <= charsMax)
        {
            return ValueFault.None;
        }

        text = Cut(text, charsMax);
        return ValueFault.TooLong;
    }
}
