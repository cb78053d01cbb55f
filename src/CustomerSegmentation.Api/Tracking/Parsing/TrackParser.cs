using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>
/// Reads the body of a tracking request in one pass. Used again for other requests; one request at a time:
/// <see cref="Parse"/>, then <see cref="Build"/>, then <see cref="Release"/>.
/// </summary>
internal sealed class TrackParser
{
    private const int DraftsKept = 4_096;
    private const int ExcerptCharsMax = 500;

    /// <summary>Depth is bounded by event, with a rejection, and not by the reader, which would give up the whole body.</summary>
    internal static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1_000_000_000 };

    private readonly ParseScratch _scratch = new();
    private readonly EventDraft _outer = new();
    private readonly RequestAssembler _assembler = new();
    private EventDraft[] _drafts = [];
    private int _count;
    private (int Start, int Length) _writeKey;

    /// <summary>The <c>writeKey</c> of the body; empty when there is none.</summary>
    public ReadOnlySpan<byte> WriteKey => _scratch.BodySpan.Slice(_writeKey.Start, _writeKey.Length);

    /// <summary>Reads the first <paramref name="length"/> bytes of <paramref name="body"/>, which must stay as they are until <see cref="Release"/>.</summary>
    /// <returns>Null, or why nothing can be taken.</returns>
    public BodyFault? Parse(byte[] body, int length, TrackingCall call, TrackLimits limits)
    {
        var start = body.AsSpan(0, length).StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0;
        Begin(body, start, length, limits);
        if (_scratch.BodySpan[start..].Trim(" \t\r\n"u8).IsEmpty)
        {
            return new BodyFault(RejectionCodes.EmptyBody, "The body is empty.");
        }

        try
        {
            return call == TrackingCall.Batch ? ParseBatch() : ParseSingle(call);
        }
        catch (JsonException exception)
        {
            var fault = new BodyFault(
                RejectionCodes.InvalidJson, $"The body is not valid JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}).");
            if (call != TrackingCall.Batch)
            {
                return fault;
            }

            Begin(body, start, length, limits);
            return BatchSalvage.TryRead(this, _scratch, start) ? CheckCount() : fault;
        }
    }

    /// <summary>The events, grouped by customer, and what was refused.</summary>
    public ParsedTracking Build(long receivedMs)
    {
        var isValidUtf8 = Utf8.IsValid(_scratch.BodySpan);
        List<ItemRejection>? rejected = null;
        for (var i = 0; i < _count; i++)
        {
            var draft = _drafts[i];
            if (!isValidUtf8 && !Utf8.IsValid(_scratch.BodySpan.Slice(draft.Start, draft.Length)))
            {
                draft.Fail(RejectionCodes.InvalidUtf8, "The event is not valid UTF-8.");
            }

            draft.Event = EventBuilder.Build(draft, _outer, _scratch, receivedMs);
            if (draft.Event is null)
            {
                (rejected ??= []).Add(new ItemRejection(
                    draft.Index, draft.Code!, draft.Message, draft.MessageId, draft.CustomerId, Excerpt(draft)));
            }
        }

        var (requests, positions) = _assembler.Assemble(_drafts.AsSpan(0, _count));
        return new ParsedTracking(requests, positions, rejected ?? [], _scratch.Warnings.Count == 0 ? [] : _scratch.Warnings.ToArray());
    }

    public void Release()
    {
        _scratch.End();
        _writeKey = default;
        _count = 0;
        if (_drafts.Length > DraftsKept)
        {
            Array.Resize(ref _drafts, DraftsKept);
        }
    }

    /// <summary>Reads one item of a batch, on whose first token the reader stands; always ends behind the item.</summary>
    internal void ReadItem(ref Utf8JsonReader reader)
    {
        var draft = AddDraft(_scratch.Base + (int)reader.TokenStartIndex, reader.CurrentDepth);
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            EventReader.Read(ref reader, _scratch, draft);
        }
        else
        {
            draft.Fail(RejectionCodes.InvalidType, "The item is not an object.");
            JsonValues.Skip(ref reader, _scratch, draft);
        }

        draft.Length = _scratch.Base + (int)reader.BytesConsumed - draft.Start;
    }

    /// <summary>Notes an item whose text is not JSON, in place of the draft that reading it left behind.</summary>
    internal void ReplaceBroken(int index, int start, int length)
    {
        _count = index;
        var draft = AddDraft(start, 0);
        draft.Length = length;
        draft.Fail(RejectionCodes.InvalidJson, "The item is not valid JSON.");
    }

    internal int Count => _count;

    internal bool IsOverEventsMax => _count > _scratch.Limits.EventsMax;

    /// <summary>Reads the value of a member of the batch object other than <c>batch</c>.</summary>
    internal void ReadOuter(ref Utf8JsonReader reader, EventField field)
    {
        switch (field)
        {
            case EventField.WriteKey when reader.TokenType == JsonTokenType.String:
                _writeKey = (_scratch.Base + (int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
                break;
            case EventField.SentAt:
                _outer.SentAtMs = EventReader.ReadSentAt(ref reader, _scratch, _outer);
                break;
            case EventField.Channel:
                _outer.Channel = Channels.FromValue(ref reader, _scratch);
                JsonValues.Skip(ref reader, _scratch, _outer);
                break;
            case EventField.Context:
                ContextReader.Read(ref reader, _scratch, _outer);
                break;
            default:
                JsonValues.Skip(ref reader, _scratch, _outer);
                break;
        }
    }

    private void Begin(byte[] body, int start, int end, TrackLimits limits)
    {
        _scratch.Begin(body, start, end, limits);
        _outer.Reset(0, start, 0, 0);
        _writeKey = default;
        _count = 0;
    }

    private Utf8JsonReader BeginObject()
    {
        var reader = new Utf8JsonReader(_scratch.BodySpan[_scratch.Base..], ReaderOptions);
        reader.Read();
        return reader;
    }

    private BodyFault? ParseSingle(TrackingCall call)
    {
        var reader = BeginObject();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new BodyFault(RejectionCodes.InvalidJson, "The body is not a JSON object.");
        }

        var draft = AddDraft(_scratch.Base + (int)reader.TokenStartIndex, 0);
        _writeKey = EventReader.Read(ref reader, _scratch, draft);
        draft.Call = call;
        draft.Length = _scratch.Base + (int)reader.BytesConsumed - draft.Start;
        reader.Read();
        return null;
    }

    private BodyFault? ParseBatch()
    {
        var reader = BeginObject();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new BodyFault(RejectionCodes.InvalidJson, "The body is not a JSON object.");
        }

        var hasBatch = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = EventReader.FindField(_scratch.Text(ref reader));
            reader.Read();
            if (field != EventField.Batch)
            {
                ReadOuter(ref reader, field);
                continue;
            }

            if (hasBatch || reader.TokenType != JsonTokenType.StartArray)
            {
                return new BodyFault(RejectionCodes.MissingBatch, hasBatch ? "batch is there twice." : "batch is not an array.");
            }

            hasBatch = true;
            while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
            {
                ReadItem(ref reader);
                if (IsOverEventsMax)
                {
                    return CheckCount();
                }
            }
        }

        reader.Read();
        return hasBatch ? null : new BodyFault(RejectionCodes.MissingBatch, "batch is missing.");
    }

    private BodyFault? CheckCount() => IsOverEventsMax
        ? new BodyFault(RejectionCodes.TooManyEvents, $"The batch has more than {_scratch.Limits.EventsMax} events.")
        : null;

    private EventDraft AddDraft(int start, int depth)
    {
        if (_count == _drafts.Length)
        {
            var known = _drafts.Length;
            Array.Resize(ref _drafts, Math.Max(16, known * 2));
            for (var i = known; i < _drafts.Length; i++)
            {
                _drafts[i] = new EventDraft();
            }
        }

        var draft = _drafts[_count];
        draft.Reset(_count++, start, depth, _scratch.Ranges.Count);
        return draft;
    }

    private string Excerpt(EventDraft draft)
    {
        const int bytesPerCharMax = 3;
        var bytes = _scratch.BodySpan.Slice(draft.Start, Math.Min(draft.Length, ExcerptCharsMax * bytesPerCharMax));
        var text = Encoding.UTF8.GetString(bytes).Replace('\0', '\uFFFD');
        if (!WriteKey.IsEmpty)
        {
            text = text.Replace(Encoding.UTF8.GetString(WriteKey), "***", StringComparison.Ordinal);
        }

        return JsonValues.Cut(text, ExcerptCharsMax);
    }
}
