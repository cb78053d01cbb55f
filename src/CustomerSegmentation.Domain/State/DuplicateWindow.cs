using System.Buffers.Binary;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;
using Google.Protobuf;

namespace CustomerSegmentation.Domain.State;

/// <summary>
/// The latest message ids of a customer as 64-bit hashes. Whether an id came before never depends on the window's size: <see cref="MayHaveForgotten"/> tells
/// when the window cannot know and the journal must be asked. A false match has a chance of 64 / 2^64 for each new id.
/// </summary>
public sealed class DuplicateWindow
{
    /// <summary>Ids that are kept.</summary>
    public const int Capacity = 64;

    // Event times are kept for blocks of slots: telling a little too much forgotten is safe, and 16 times smaller.
    private const int BlockSize = 16;
    private const int SlotsInitially = 8;

    private ulong[] _hashes = [];
    private long[] _blockLatestMs = [];
    private long _total;
    private long _forgottenMs = long.MinValue;

    /// <summary>Ids in the window.</summary>
    public int Count => (int)Math.Min(_total, Capacity);

    internal int EstimatedBytes => 56 + (_hashes.Length == 0 ? 0 : 24 + (_hashes.Length * 8) + 24 + (_blockLatestMs.Length * 8));

    /// <summary>An id as the window knows it.</summary>
    public static ulong HashOf(string messageId) => StableHash.Of(messageId);

    /// <summary>Whether the id is among those kept.</summary>
    public bool Contains(string messageId) => Contains(HashOf(messageId));

    /// <summary>Whether the id of a hash is among those kept.</summary>
    public bool Contains(ulong hash) => _hashes.AsSpan(0, Count).Contains(hash);

    /// <summary>Keeps an id; the oldest leaves when the window is full.</summary>
    public void Add(string messageId, long timeMs) => Add(HashOf(messageId), timeMs);

    /// <summary>Keeps an id by its hash; the oldest leaves when the window is full.</summary>
    public void Add(ulong hash, long timeMs)
    {
        var slot = (int)(_total % Capacity);
        if (slot >= _hashes.Length)
        {
            Array.Resize(ref _hashes, Math.Max(SlotsInitially, _hashes.Length * 2));
            Array.Resize(ref _blockLatestMs, (_hashes.Length + BlockSize - 1) / BlockSize);
        }

        ref var latest = ref _blockLatestMs[slot / BlockSize];
        timeMs = EventTime.Clamp(timeMs);
        if (slot % BlockSize == 0)
        {
            // The block's ids leave one by one from here on; they count as gone together.
            _forgottenMs = _total >= Capacity ? Math.Max(_forgottenMs, latest) : _forgottenMs;
            latest = timeMs;
        }
        else
        {
            latest = Math.Max(latest, timeMs);
        }

        _hashes[slot] = hash;
        _total++;
    }

    /// <summary>
    /// Whether an id of this event time may have left the window: then <see cref="Contains(string)"/> saying false proves nothing, and the journal must be asked.
    /// </summary>
    public bool MayHaveForgotten(long timeMs) => EventTime.Clamp(timeMs) <= _forgottenMs;

    internal DuplicatesRecord? ToRecord()
    {
        if (_total == 0)
        {
            return null;
        }

        var hashes = new byte[Count * 8];
        for (var i = 0; i < Count; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(hashes.AsSpan(i * 8), _hashes[i]);
        }

        var record = new DuplicatesRecord { Total = _total, Hashes = UnsafeByteOperations.UnsafeWrap(hashes) };
        for (var i = 0; i * BlockSize < Count; i++)
        {
            record.BlockLatestMs.Add(_blockLatestMs[i]);
        }

        if (_forgottenMs != long.MinValue)
        {
            record.ForgottenMs = _forgottenMs;
        }

        return record;
    }

    /// <exception cref="FormatException">The arrays do not fit the count.</exception>
    internal static DuplicateWindow FromRecord(DuplicatesRecord? record)
    {
        var window = new DuplicateWindow();
        if (record is null)
        {
            return window;
        }

        window._total = record.Total;
        var count = window.Count;
        if (record.Total < 0 || record.Hashes.Length != count * 8 || record.BlockLatestMs.Count != (count + BlockSize - 1) / BlockSize)
        {
            throw new FormatException($"A duplicate window of {record.Total} ids has {record.Hashes.Length} bytes of hashes.");
        }

        var slots = SlotsInitially;
        while (slots < count)
        {
            slots *= 2;
        }

        window._hashes = new ulong[slots];
        for (var i = 0; i < count; i++)
        {
            window._hashes[i] = BinaryPrimitives.ReadUInt64LittleEndian(record.Hashes.Span[(i * 8)..]);
        }

        window._blockLatestMs = new long[(slots + BlockSize - 1) / BlockSize];
        record.BlockLatestMs.CopyTo(window._blockLatestMs, 0);
        window._forgottenMs = record.HasForgottenMs ? record.ForgottenMs : long.MinValue;
        return window;
    }
}
