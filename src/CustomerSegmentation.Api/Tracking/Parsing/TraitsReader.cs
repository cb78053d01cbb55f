using System.Globalization;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>
/// Reads <c>traits</c>, flattened with dots: at most 64 traits, names of 100 and values of 500 characters. What is beyond is left out with a
/// warning; the event is taken.
/// </summary>
internal static class TraitsReader
{
    public const int TraitsMax = 64;
    private const int NameCharsMax = 100;

    /// <returns>Where the object stands in the body.</returns>
    public static (int Start, int Length) Read(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            if (reader.TokenType != JsonTokenType.Null)
            {
                draft.Fail(RejectionCodes.InvalidType, "traits is not an object.");
            }

            JsonValues.Skip(ref reader, scratch, draft);
            return default;
        }

        var start = scratch.Base + (int)reader.TokenStartIndex;
        scratch.Traits.Clear();
        if (draft.Traits is not null)
        {
            scratch.Traits.AddRange(draft.Traits);
        }

        var left = 0;
        ReadObject(ref reader, scratch, draft, "", scratch.Traits.Count, ref left);
        if (left > 0)
        {
            scratch.Warn(draft, RejectionCodes.TooManyTraits, $"{left} traits beyond the first {TraitsMax} were left out.");
        }

        draft.Traits = scratch.Traits.Count == 0 ? null : scratch.Traits.ToArray();
        return (start, scratch.Base + (int)reader.BytesConsumed - start);
    }

    private static void ReadObject(
        ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, string prefix, int given, ref int left)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            JsonValues.CountProperty(scratch, draft);
            var nameFault = JsonValues.ReadName(ref reader, scratch, out var name);
            reader.Read();
            if (nameFault == ValueFault.BadText)
            {
                draft.Fail(RejectionCodes.InvalidText, "A trait's name holds a NUL or half a surrogate pair.");
                JsonValues.Skip(ref reader, scratch, draft);
                continue;
            }

            if (prefix.Length > 0)
            {
                name = prefix + "." + name;
            }

            if (name.Length is 0 or > NameCharsMax)
            {
                scratch.Warn(draft, RejectionCodes.InvalidTrait, $"A trait's name is not 1 to {NameCharsMax} characters; the trait was left out.");
                JsonValues.Skip(ref reader, scratch, draft);
            }
            else if (reader.TokenType == JsonTokenType.StartObject && reader.CurrentDepth - draft.Depth < JsonValues.DepthMax)
            {
                ReadObject(ref reader, scratch, draft, name, given, ref left);
            }
            else
            {
                ReadTrait(ref reader, scratch, draft, name, given, ref left);
            }
        }
    }

    private static void ReadTrait(
        ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, string name, int given, ref int left)
    {
        var traits = scratch.Traits;
        for (var i = 0; i < traits.Count; i++)
        {
            if (traits[i].Name == name)
            {
                if (i >= given)
                {
                    draft.Fail(RejectionCodes.DuplicateProperty, "A trait is there twice: " + name);
                }

                // The event's own traits stand before those of its context.
                JsonValues.Skip(ref reader, scratch, draft);
                return;
            }
        }

        if (traits.Count >= TraitsMax)
        {
            left++;
            JsonValues.Skip(ref reader, scratch, draft);
            return;
        }

        if (ReadValue(ref reader, scratch, draft, name) is { } trait)
        {
            traits.Add(trait);
        }
    }

    private static Trait? ReadValue(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, string name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return new Trait { Name = name };
            case JsonTokenType.True:
                return new Trait { Name = name, Value = "true", Number = 1 };
            case JsonTokenType.False:
                return new Trait { Name = name, Value = "false", Number = 0 };
            case JsonTokenType.Number:
                if (!reader.TryGetDouble(out var number) || !double.IsFinite(number))
                {
                    draft.Fail(RejectionCodes.NumberOutOfRange, $"The trait {name} is too large for a double.");
                    return null;
                }

                return new Trait { Name = name, Value = number.ToString("R", CultureInfo.InvariantCulture), Number = number };
            case JsonTokenType.String:
                var fault = JsonValues.ReadText(ref reader, scratch, EventReader.TextCharsMax, out var text);
                if (fault == ValueFault.BadText)
                {
                    draft.Fail(RejectionCodes.InvalidText, $"The trait {name} holds a NUL or half a surrogate pair.");
                    return null;
                }

                WarnIfCut(fault == ValueFault.TooLong, scratch, draft, name);
                return new Trait { Name = name, Value = text };
            default:
                var start = scratch.Base + (int)reader.TokenStartIndex;
                JsonValues.Skip(ref reader, scratch, draft);
                var json = Encoding.UTF8.GetString(scratch.BodySpan[start..(scratch.Base + (int)reader.BytesConsumed)]);
                WarnIfCut(json.Length > EventReader.TextCharsMax, scratch, draft, name);
                return new Trait { Name = name, Value = JsonValues.Cut(json, EventReader.TextCharsMax) };
        }
    }

    private static void WarnIfCut(bool isCut, ParseScratch scratch, EventDraft draft, string name)
    {
        if (isCut)
        {
            scratch.Warn(draft, RejectionCodes.TextCut, $"The trait {name} was cut at {EventReader.TextCharsMax} characters.");
        }
    }
}
