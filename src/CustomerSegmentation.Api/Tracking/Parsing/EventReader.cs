using System.Text.Json;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Reads one call (or batch item) into a draft. Faults are noted in the draft; the reader always ends behind the object.</summary>
internal static class EventReader
{
    public const int IdCharsMax = 200;
    public const int MessageIdCharsMax = 100;
    public const int TextCharsMax = 500;

    private static readonly Utf8NameTable<EventField> Fields = new(
    [
        ("type", EventField.Type),
        ("event", EventField.Event),
        ("name", EventField.Name),
        ("userId", EventField.UserId),
        ("anonymousId", EventField.AnonymousId),
        ("messageId", EventField.MessageId),
        ("timestamp", EventField.Timestamp),
        ("originalTimestamp", EventField.OriginalTimestamp),
        ("sentAt", EventField.SentAt),
        ("context", EventField.Context),
        ("channel", EventField.Channel),
        ("properties", EventField.Properties),
        ("traits", EventField.Traits),
        ("groupId", EventField.GroupId),
        ("previousId", EventField.PreviousId),
        ("writeKey", EventField.WriteKey),
        ("batch", EventField.Batch),
    ]);

    public static EventField FindField(ReadOnlySpan<byte> name) => Fields.Find(name);

    /// <summary>Reads the object that the reader stands on.</summary>
    /// <returns>Where the value of <c>writeKey</c> stands; of length 0 when there is none.</returns>
    public static (int Start, int Length) Read(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        (int Start, int Length) writeKey = default;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = Fields.Find(scratch.Text(ref reader));
            if (field != EventField.None)
            {
                var bit = 1UL << (int)field;
                if ((draft.Seen & bit) != 0)
                {
                    draft.Fail(RejectionCodes.DuplicateProperty, $"{NameOf(field)} is there twice.");
                }

                draft.Seen |= bit;
            }

            JsonValues.CountProperty(scratch, draft);
            reader.Read();
            if (field == EventField.WriteKey && reader.TokenType == JsonTokenType.String)
            {
                writeKey = (scratch.Base + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            }
            else
            {
                ReadField(ref reader, scratch, draft, field);
            }
        }

        return writeKey;
    }

    private static void ReadField(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, EventField field)
    {
        switch (field)
        {
            case EventField.Type:
                draft.Call = reader.TokenType == JsonTokenType.String ? EventNames.FindCall(scratch.Text(ref reader)) : TrackingCall.Unknown;
                JsonValues.Skip(ref reader, scratch, draft);
                break;
            case EventField.Event:
                ReadEventName(ref reader, scratch, draft);
                break;
            case EventField.Name:
                draft.PageName = ReadText(ref reader, scratch, draft, field);
                break;
            case EventField.UserId:
                draft.UserId = ReadId(ref reader, scratch, draft, field, IdCharsMax, RejectionCodes.InvalidId);
                break;
            case EventField.AnonymousId:
                draft.AnonymousId = ReadId(ref reader, scratch, draft, field, IdCharsMax, RejectionCodes.InvalidId);
                break;
            case EventField.GroupId:
                draft.GroupId = ReadId(ref reader, scratch, draft, field, IdCharsMax, RejectionCodes.InvalidId);
                break;
            case EventField.PreviousId:
                draft.PreviousId = ReadId(ref reader, scratch, draft, field, IdCharsMax, RejectionCodes.InvalidId);
                break;
            case EventField.MessageId:
                draft.MessageId = ReadId(ref reader, scratch, draft, field, MessageIdCharsMax, RejectionCodes.InvalidMessageId);
                break;
            case EventField.Timestamp:
                draft.TimestampMs = ReadTimestamp(ref reader, scratch, draft, field);
                break;
            case EventField.OriginalTimestamp:
                draft.OriginalTimestampMs = ReadTimestamp(ref reader, scratch, draft, field);
                break;
            case EventField.SentAt:
                draft.SentAtMs = ReadSentAt(ref reader, scratch, draft);
                break;
            case EventField.Channel:
                draft.Channel = Channels.FromValue(ref reader, scratch);
                JsonValues.Skip(ref reader, scratch, draft);
                break;
            case EventField.Context:
                ContextReader.Read(ref reader, scratch, draft);
                break;
            case EventField.Properties:
                PropertiesReader.Read(ref reader, scratch, draft);
                break;
            case EventField.Traits:
                draft.GroupTraits = TraitsReader.Read(ref reader, scratch, draft);
                break;
            default:
                JsonValues.Skip(ref reader, scratch, draft);
                break;
        }
    }

    /// <summary>A time as ISO 8601 text or whole milliseconds since 1970; null for null and empty text.</summary>
    public static bool TryReadTime(ref Utf8JsonReader reader, ParseScratch scratch, out long? milliseconds)
    {
        milliseconds = null;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
            case JsonTokenType.String when reader.ValueSpan.IsEmpty:
                return true;
            case JsonTokenType.String when IsoTimestamp.TryParse(scratch.Text(ref reader), out var parsed):
                milliseconds = parsed;
                return true;
            case JsonTokenType.Number when reader.TryGetInt64(out var number) && Math.Abs((double)number) < 1e15:
                milliseconds = number;
                return true;
            default:
                return false;
        }
    }

    private static long? ReadTimestamp(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, EventField field)
    {
        if (!TryReadTime(ref reader, scratch, out var milliseconds))
        {
            draft.Fail(RejectionCodes.InvalidTimestamp, $"{NameOf(field)} is not an ISO 8601 time.");
            JsonValues.Skip(ref reader, scratch, draft);
        }

        return milliseconds;
    }

    /// <summary>A wrong <c>sentAt</c> costs the clock correction, not the event.</summary>
    public static long? ReadSentAt(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        if (!TryReadTime(ref reader, scratch, out var milliseconds))
        {
            scratch.Warn(draft, RejectionCodes.InvalidSentAt, "sentAt is not an ISO 8601 time; the sender's clock was not corrected.");
            JsonValues.Skip(ref reader, scratch, draft);
        }

        return milliseconds;
    }

    private static void ReadEventName(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            draft.TrackKind = EventNames.FindKind(scratch.Text(ref reader));
            if (draft.TrackKind != EventKind.Custom)
            {
                return;
            }
        }

        switch (JsonValues.ReadText(ref reader, scratch, TextCharsMax, out draft.EventName))
        {
            case ValueFault.None:
                break;
            case ValueFault.TooLong:
                draft.Fail(RejectionCodes.InvalidEventName, $"event is longer than {TextCharsMax} characters.");
                break;
            case ValueFault.BadText:
                draft.Fail(RejectionCodes.InvalidText, "event holds a NUL or half a surrogate pair.");
                break;
            default:
                draft.Fail(RejectionCodes.InvalidEventName, "event is not text.");
                JsonValues.Skip(ref reader, scratch, draft);
                break;
        }
    }

    private static string? ReadText(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, EventField field)
    {
        var fault = JsonValues.ReadText(ref reader, scratch, TextCharsMax, out var text);
        switch (fault)
        {
            case ValueFault.TooLong:
                scratch.Warn(draft, RejectionCodes.TextCut, $"{NameOf(field)} was cut at {TextCharsMax} characters.");
                break;
            case ValueFault.BadText:
                draft.Fail(RejectionCodes.InvalidText, $"{NameOf(field)} holds a NUL or half a surrogate pair.");
                break;
            case ValueFault.WrongType:
                // A track call may carry anything as its name; only pages and screens need text here.
                JsonValues.Skip(ref reader, scratch, draft);
                break;
        }

        return text;
    }

    private static string? ReadId(
        ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, EventField field, int charsMax, string code)
    {
        switch (JsonValues.ReadText(ref reader, scratch, charsMax, out var id, isUnique: field == EventField.MessageId))
        {
            case ValueFault.TooLong:
                draft.Fail(code, $"{NameOf(field)} is longer than {charsMax} characters.");
                break;
            case ValueFault.BadText:
                draft.Fail(code, $"{NameOf(field)} holds a control character or half a surrogate pair.");
                break;
            case ValueFault.WrongType:
                draft.Fail(code, $"{NameOf(field)} is neither text nor a number.");
                JsonValues.Skip(ref reader, scratch, draft);
                break;
            default:
                if (id is not null && HasControl(id))
                {
                    draft.Fail(code, $"{NameOf(field)} holds a control character.");
                    id = null;
                }

                break;
        }

        // Several SDKs send an empty id where there is none.
        return string.IsNullOrEmpty(id) ? null : id;
    }

    private static bool HasControl(string text)
    {
        foreach (var each in text)
        {
            if (char.IsControl(each))
            {
                return true;
            }
        }

        return false;
    }

    private static string NameOf(EventField field)
    {
        var name = field.ToString();
        return char.ToLowerInvariant(name[0]) + name[1..];
    }
}
