using System.Buffers.Binary;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.State.Schema;
using Google.Protobuf;

namespace CustomerSegmentation.Domain.State;

/// <summary>
/// The latest events of a customer by event time, as encoder tokens, oldest first. An encoder that has read up to a <see cref="Total"/> reads the last
/// <c>Total - seen</c> tokens next, unless <see cref="LateCount"/> moved or more than <see cref="Capacity"/> came: then it starts again from the ring.
/// </summary>
public sealed class EventRing
{
    /// <summary>Tokens that are kept.</summary>
    public const int Capacity = 32;

    private EncoderToken[] _tokens = [];
    private int _count;

    /// <summary>Tokens in the ring.</summary>
    public int Count => _count;

    /// <summary>Tokens ever added.</summary>
    public long Total { get; private set; }

    /// <summary>Tokens that did not come at the end, whether they found a place in the ring or were too old for it.</summary>
    public long LateCount { get; private set; }

    internal int EstimatedBytes => 48 + (_tokens.Length == 0 ? 0 : 24 + (_tokens.Length * 24));

    /// <summary>A token by position, oldest first.</summary>
    public EncoderToken this[int index] => index < _count ? _tokens[index] : throw new ArgumentOutOfRangeException(nameof(index));

    /// <summary>The tokens, oldest first; valid until the next <see cref="Add"/>.</summary>
    public ReadOnlySpan<EncoderToken> Tokens => _tokens.AsSpan(0, _count);

    /// <summary>Puts a token at its time; of equal times the one added last is the later one.</summary>
    public void Add(in EncoderToken token)
    {
        Total++;
        var place = _count;
        while (place > 0 && _tokens[place - 1].TimeMs > token.TimeMs)
        {
            place--;
        }

        LateCount += place < _count ? 1 : 0;
        if (_count == Capacity)
        {
            if (place == 0)
            {
                return;
            }

            // The oldest leaves: what lies before the place moves down.
            Array.Copy(_tokens, 1, _tokens, 0, --place);
            _tokens[place] = token;
            return;
        }

        if (_count == _tokens.Length)
        {
            Array.Resize(ref _tokens, Math.Max(4, _count * 2));
        }

        Array.Copy(_tokens, place, _tokens, place + 1, _count - place);
        _tokens[place] = token;
        _count++;
    }

    internal RingRecord? ToRecord()
    {
        if (Total == 0)
        {
            return null;
        }

        var record = new RingRecord { Total = Total, Late = LateCount };
        byte[] kinds = new byte[_count], flags = new byte[_count], amounts = new byte[_count * 2];
        byte[] categories = new byte[_count * 2], products = new byte[_count * 4];
        bool anyCategory = false, anyProduct = false;
        long previous = 0;
        for (var i = 0; i < _count; i++)
        {
            ref readonly var token = ref _tokens[i];
            record.TimesMs.Add(token.TimeMs - previous);
            previous = token.TimeMs;
            kinds[i] = (byte)token.Kind;
            flags[i] = (byte)(((int)token.Channel & 15) | (((int)token.Device & 7) << 4) | (token.Discounted ? 128 : 0));
            BinaryPrimitives.WriteHalfLittleEndian(amounts.AsSpan(i * 2), (Half)token.LogAmount);
            record.Quantities.Add(token.Quantity);
            BinaryPrimitives.WriteUInt16LittleEndian(categories.AsSpan(i * 2), token.CategoryHash);
            BinaryPrimitives.WriteUInt32LittleEndian(products.AsSpan(i * 4), token.ProductHash);
            anyCategory |= token.CategoryHash != 0;
            anyProduct |= token.ProductHash != 0;
        }

        record.Kinds = UnsafeByteOperations.UnsafeWrap(kinds);
        record.Flags = UnsafeByteOperations.UnsafeWrap(flags);
        record.LogAmounts = UnsafeByteOperations.UnsafeWrap(amounts);
        record.CategoryHashes = anyCategory ? UnsafeByteOperations.UnsafeWrap(categories) : ByteString.Empty;
        record.ProductHashes = anyProduct ? UnsafeByteOperations.UnsafeWrap(products) : ByteString.Empty;
        return record;
    }

    /// <exception cref="FormatException">The arrays differ in length, are longer than the ring, or the times do not ascend.</exception>
    internal static EventRing FromRecord(RingRecord? record)
    {
        var ring = new EventRing();
        if (record is null)
        {
            return ring;
        }

        var count = record.TimesMs.Count;
        if (count > Capacity || record.Kinds.Length != count || record.Flags.Length != count || record.LogAmounts.Length != count * 2
            || record.Quantities.Count != count || !Fits(record.CategoryHashes, count * 2) || !Fits(record.ProductHashes, count * 4))
        {
            throw new FormatException($"An event ring of {count} tokens has arrays of other lengths, or more than {Capacity}.");
        }

        long time = 0;
        for (var i = 0; i < count; i++)
        {
            if (i > 0 && record.TimesMs[i] < 0)
            {
                throw new FormatException("The tokens of an event ring do not ascend.");
            }

            time = unchecked(time + record.TimesMs[i]);
            ring.Add(new EncoderToken
            {
                TimeMs = time,
                Kind = (EventKind)record.Kinds[i],
                Channel = (Channel)(record.Flags[i] & 15),
                Device = (DeviceKind)((record.Flags[i] >> 4) & 7),
                Discounted = record.Flags[i] >= 128,
                LogAmount = (float)BinaryPrimitives.ReadHalfLittleEndian(record.LogAmounts.Span[(i * 2)..]),
                Quantity = (ushort)Math.Min(ushort.MaxValue, record.Quantities[i]),
                CategoryHash = record.CategoryHashes.IsEmpty
                    ? (ushort)0
                    : BinaryPrimitives.ReadUInt16LittleEndian(record.CategoryHashes.Span[(i * 2)..]),
                ProductHash = record.ProductHashes.IsEmpty ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(record.ProductHashes.Span[(i * 4)..]),
            });
        }

        ring.Total = record.Total;
        ring.LateCount = record.Late;
        return ring;
    }

    private static bool Fits(ByteString hashes, int length) => hashes.IsEmpty || hashes.Length == length;
}
