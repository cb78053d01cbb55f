using System.Text.Json;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>
/// Reads a batch whose text is not JSON throughout: finds the items by their brackets and reads each on its own, so that one item with
/// a bare <c>NaN</c> does not take the others with it. A body that is cut off, or whose brackets do not match, is not salvaged.
/// </summary>
internal static class BatchSalvage
{
    public static bool TryRead(TrackParser parser, ParseScratch scratch, int start)
    {
        var body = scratch.BodySpan;
        var at = SkipSpace(body, start);
        if (at >= body.Length || body[at] != '{')
        {
            return false;
        }

        at = SkipSpace(body, at + 1);
        var hasBatch = false;
        while (at < body.Length && body[at] == '"')
        {
            var nameEnd = EndOfString(body, at);
            var field = nameEnd < 0 ? EventField.None : EventReader.FindField(body[(at + 1)..(nameEnd - 1)]);
            at = nameEnd < 0 ? body.Length : SkipSpace(body, nameEnd);
            if (at >= body.Length || body[at] != ':')
            {
                return false;
            }

            at = SkipSpace(body, at + 1);
            var end = EndOfValue(body, at);
            if (end < 0 || (field == EventField.Batch && (hasBatch || body[at] != '[')))
            {
                return false;
            }

            if (field == EventField.Batch)
            {
                hasBatch = true;
                ReadItems(parser, scratch, at + 1, end - 1);
            }
            else if (!TryReadOuter(parser, scratch, field, at, end))
            {
                return false;
            }

            at = SkipSpace(body, end);
            if (at < body.Length && body[at] == ',')
            {
                at = SkipSpace(body, at + 1);
            }
        }

        return hasBatch && at < body.Length && body[at] == '}' && SkipSpace(body, at + 1) == body.Length;
    }

    private static void ReadItems(TrackParser parser, ParseScratch scratch, int start, int end)
    {
        var body = scratch.BodySpan[..end];
        var at = SkipSpace(body, start);
        while (at < end && !parser.IsOverEventsMax)
        {
            var itemEnd = EndOfValue(body, at);
            itemEnd = itemEnd <= at ? end : itemEnd;
            ReadItem(parser, scratch, at, itemEnd);
            at = SkipSpace(body, itemEnd);
            if (at < end)
            {
                // Between items stands a comma; anything else begins an item that is not JSON.
                at = body[at] == ',' ? SkipSpace(body, at + 1) : at;
            }
        }
    }

    private static void ReadItem(TrackParser parser, ParseScratch scratch, int start, int end)
    {
        var index = parser.Count;
        try
        {
            scratch.Base = start;
            var reader = new Utf8JsonReader(scratch.BodySpan[start..end], TrackParser.ReaderOptions);
            reader.Read();
            parser.ReadItem(ref reader);
            reader.Read();
        }
        catch (JsonException)
        {
            parser.ReplaceBroken(index, start, end - start);
        }
    }

    private static bool TryReadOuter(TrackParser parser, ParseScratch scratch, EventField field, int start, int end)
    {
        try
        {
            scratch.Base = start;
            var reader = new Utf8JsonReader(scratch.BodySpan[start..end], TrackParser.ReaderOptions);
            reader.Read();
            parser.ReadOuter(ref reader, field);
            reader.Read();
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int SkipSpace(ReadOnlySpan<byte> body, int at)
    {
        while (at < body.Length && body[at] is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n')
        {
            at++;
        }

        return at;
    }

    /// <summary>Behind the closing quote; -1 when there is none.</summary>
    private static int EndOfString(ReadOnlySpan<byte> body, int at)
    {
        for (at++; at < body.Length; at++)
        {
            if (body[at] == '\\')
            {
                at++;
            }
            else if (body[at] == '"')
            {
                return at + 1;
            }
        }

        return -1;
    }

    /// <summary>Behind the object, array, text or bare word; -1 when it does not end.</summary>
    private static int EndOfValue(ReadOnlySpan<byte> body, int at)
    {
        var depth = 0;
        while (at < body.Length)
        {
            switch (body[at])
            {
                case (byte)'"':
                    at = EndOfString(body, at);
                    if (at < 0)
                    {
                        return -1;
                    }

                    if (depth == 0)
                    {
                        return at;
                    }

                    continue;
                case (byte)'{' or (byte)'[':
                    depth++;
                    break;
                case (byte)'}' or (byte)']':
                    if (depth <= 1)
                    {
                        return depth == 1 ? at + 1 : at;
                    }

                    depth--;
                    break;
                case (byte)',' when depth == 0:
                    return at;
            }

            at++;
        }

        return depth == 0 ? at : -1;
    }
}
