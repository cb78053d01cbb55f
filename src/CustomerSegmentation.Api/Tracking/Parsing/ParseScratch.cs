using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using CustomerSegmentation.Contracts.Events;

namespace CustomerSegmentation.Api.Tracking.Parsing;

/// <summary>What the readers of one body share: the body, its bounds, and buffers that are used again. One thread at a time.</summary>
internal sealed class ParseScratch
{
    private const int WarningsMax = 4_096;
    private byte[] _unescaped = new byte[256];
    private byte[] _joined = new byte[1024];

    public byte[] Body = [];

    /// <summary>Where the JSON ends in <see cref="Body"/>.</summary>
    public int Length;

    /// <summary>Where in the body the reader at work began.</summary>
    public int Base;
    public TrackLimits Limits = null!;

    public Utf8StringCache Strings { get; } = new();
    public NameSet Names { get; } = new();
    public List<RawRange> Ranges { get; } = [];
    public List<ProductLine> Lines { get; } = [];
    public List<Trait> Traits { get; } = [];
    public List<ItemRejection> Warnings { get; } = [];

    public ReadOnlySpan<byte> BodySpan => Body.AsSpan(0, Length);

    /// <summary>The token's text without escapes; empty when it holds half a surrogate pair.</summary>
    public ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader) => reader.ValueIsEscaped && TryUnescape(ref reader, out var text) ? text : reader.ValueSpan;

    /// <summary>Resolves the escapes of the token; false for half a surrogate pair. The span holds until the next call.</summary>
    public bool TryUnescape(scoped ref Utf8JsonReader reader, out ReadOnlySpan<byte> text)
    {
        if (_unescaped.Length < reader.ValueSpan.Length)
        {
            _unescaped = new byte[Math.Max(reader.ValueSpan.Length, _unescaped.Length * 2)];
        }

        try
        {
            text = _unescaped.AsSpan(0, reader.CopyString(_unescaped));
            return true;
        }
        catch (InvalidOperationException)
        {
            text = default;
            return false;
        }
    }

    public void Warn(EventDraft draft, string code, string message)
    {
        if (Warnings.Count < WarningsMax)
        {
            Warnings.Add(new ItemRejection(draft.Index, code, message, draft.MessageId, draft.CustomerId, null));
        }
    }

    /// <summary>A range of the body as text; null for an empty range.</summary>
    public string? Slice((int Start, int Length) range) =>
        range.Length == 0 ? null : Encoding.UTF8.GetString(Body, range.Start, range.Length);

    /// <summary>One JSON object of the properties that no field holds; null when there are none.</summary>
    public string? Join(int rangesStart, int rangesCount, bool isFlatProduct)
    {
        var length = 1;
        foreach (var range in CollectionsMarshal.AsSpan(Ranges).Slice(rangesStart, rangesCount))
        {
            if (range.Use != RawRangeUse.Product || !isFlatProduct)
            {
                if (_joined.Length < length + range.Length + 1)
                {
                    Array.Resize(ref _joined, Math.Max(length + range.Length + 1, _joined.Length * 2));
                }

                BodySpan.Slice(range.Start, range.Length).CopyTo(_joined.AsSpan(length));
                length += range.Length;
                _joined[length++] = (byte)',';
            }
        }

        if (length == 1)
        {
            return null;
        }

        _joined[0] = (byte)'{';
        _joined[length - 1] = (byte)'}';
        return Encoding.UTF8.GetString(_joined, 0, length);
    }

    /// <param name="end">Where the JSON ends in <paramref name="body"/>.</param>
    public void Begin(byte[] body, int start, int end, TrackLimits limits)
    {
        Body = body;
        Base = start;
        Length = end;
        Limits = limits;
        Clear();
    }

    public void Clear()
    {
        Ranges.Clear();
        Lines.Clear();
        Traits.Clear();
        Warnings.Clear();
    }

    public void End()
    {
        Clear();
        Body = [];
        Length = 0;
        const int kept = 64 * 1024;
        if (_unescaped.Length > kept)
        {
            _unescaped = new byte[256];
        }

        if (_joined.Length > kept)
        {
            _joined = new byte[1024];
        }

        if (Ranges.Capacity > kept)
        {
            Ranges.Capacity = 0;
        }
    }
}
