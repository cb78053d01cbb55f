using System.Text.Json;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>Reads <c>context</c>: where the customer met the shop, on what device, in which session. A context never refuses an event by its values.</summary>
internal static class ContextReader
{
    private static readonly Utf8NameTable<ContextField> Fields = new(
    [
        ("library", ContextField.Library),
        ("app", ContextField.App),
        ("page", ContextField.Page),
        ("device", ContextField.Device),
        ("userAgent", ContextField.UserAgent),
        ("channel", ContextField.Channel),
        ("sessionId", ContextField.SessionId),
        ("session_id", ContextField.SessionId),
        ("traits", ContextField.Traits),
    ]);

    public static void Read(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            JsonValues.Skip(ref reader, scratch, draft);
            return;
        }

        var clues = default(ChannelClues);
        var agentDevice = DeviceKind.Unknown;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            JsonValues.CountProperty(scratch, draft);
            var field = Fields.Find(scratch.Text(ref reader));
            reader.Read();
            switch (field)
            {
                case ContextField.Library when reader.TokenType == JsonTokenType.StartObject:
                    clues.Library = ReadMember(ref reader, scratch, draft, "name"u8, Channels.FromLibrary);
                    break;
                case ContextField.Device when reader.TokenType == JsonTokenType.StartObject:
                    draft.Device = ReadMember(ref reader, scratch, draft, "type"u8, Devices.FromType);
                    break;
                case ContextField.UserAgent when reader.TokenType == JsonTokenType.String:
                    agentDevice = Devices.FromUserAgent(reader.ValueSpan);
                    JsonValues.Skip(ref reader, scratch, draft);
                    break;
                case ContextField.Channel:
                    clues.Explicit = Channels.FromValue(ref reader, scratch);
                    JsonValues.Skip(ref reader, scratch, draft);
                    break;
                case ContextField.SessionId:
                    ReadSession(ref reader, scratch, draft);
                    break;
                case ContextField.Traits when reader.TokenType == JsonTokenType.StartObject:
                    draft.ContextTraits = SkipObject(ref reader, scratch, draft);
                    break;
                default:
                    clues.App |= field == ContextField.App && reader.TokenType == JsonTokenType.StartObject;
                    clues.Page |= field == ContextField.Page && reader.TokenType == JsonTokenType.StartObject;
                    JsonValues.Skip(ref reader, scratch, draft);
                    break;
            }
        }

        draft.ContextChannel = clues.Decide();
        if (draft.Device == DeviceKind.Unknown)
        {
            draft.Device = agentDevice;
        }
    }

    private delegate T Classify<T>(ReadOnlySpan<byte> text);

    private static T ReadMember<T>(
        ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft, ReadOnlySpan<byte> member, Classify<T> classify)
        where T : struct
    {
        var value = default(T);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            JsonValues.CountProperty(scratch, draft);
            var isMember = scratch.Text(ref reader).SequenceEqual(member);
            reader.Read();
            if (isMember && reader.TokenType == JsonTokenType.String)
            {
                value = classify(scratch.Text(ref reader));
            }

            JsonValues.Skip(ref reader, scratch, draft);
        }

        return value;
    }

    private static void ReadSession(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        switch (JsonValues.ReadText(ref reader, scratch, EventReader.TextCharsMax, out var session))
        {
            case ValueFault.None:
                draft.SessionId ??= session;
                break;
            default:
                JsonValues.Skip(ref reader, scratch, draft);
                break;
        }
    }

    private static (int Start, int Length) SkipObject(ref Utf8JsonReader reader, ParseScratch scratch, EventDraft draft)
    {
        var start = scratch.Base + (int)reader.TokenStartIndex;
        JsonValues.Skip(ref reader, scratch, draft);
        return (start, scratch.Base + (int)reader.BytesConsumed - start);
    }
}
