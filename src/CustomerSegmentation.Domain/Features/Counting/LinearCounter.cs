using System.Numerics;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.Features.Counting;

/// <summary>
/// Number of distinct hashes by linear counting (Whang, Vander-Zanden, Taylor 1990): with z of m bits still unset, n ≈ -m ln(z / m). Commutative and
/// idempotent, so late and repeated events do no harm. The bitmap exists once something is counted.
/// </summary>
internal struct LinearCounter
{
    private ulong[]? _words;
    private int _set;

    /// <summary>Estimated number of distinct values; a full bitmap counts as one unset bit.</summary>
    public readonly double Estimate
    {
        get
        {
            if (_words is null)
            {
                return 0;
            }

            var bits = _words.Length * 64;
            return bits * Math.Log((double)bits / Math.Max(1, bits - _set));
        }
    }

    public readonly int EstimatedBytes => _words is null ? 0 : 24 + (_words.Length * 8);

    /// <param name="hash">A well-mixed hash of the value.</param>
    /// <param name="bits">Size of the bitmap, a power of two from 64 on; the same at each call.</param>
    public void Add(ulong hash, int bits)
    {
        _words ??= new ulong[bits / 64];
        var bit = (int)(hash & (ulong)(bits - 1));
        ref var word = ref _words[bit >> 6];
        var mask = 1UL << (bit & 63);
        if ((word & mask) == 0)
        {
            word |= mask;
            _set++;
        }
    }

    public readonly BitmapRecord? ToRecord()
    {
        if (_words is null)
        {
            return null;
        }

        var record = new BitmapRecord();
        if (_set > _words.Length * 6)
        {
            var bytes = new byte[_words.Length * 8];
            Buffer.BlockCopy(_words, 0, bytes, 0, bytes.Length);
            record.Dense = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(bytes);
            return record;
        }

        var previous = -1;
        for (var i = 0; i < _words.Length; i++)
        {
            for (var word = _words[i]; word != 0; word &= word - 1)
            {
                var bit = (i * 64) + BitOperations.TrailingZeroCount(word);
                record.Gaps.Add((uint)(bit - previous - 1));
                previous = bit;
            }
        }

        return record;
    }

    /// <exception cref="FormatException">The record does not fit the size of the bitmap.</exception>
    public static LinearCounter FromRecord(BitmapRecord? record, int bits)
    {
        if (record is null)
        {
            return default;
        }

        var counter = new LinearCounter { _words = new ulong[bits / 64] };
        if (record.Dense.Length > 0)
        {
            if (record.Dense.Length != bits / 8)
            {
                throw new FormatException($"A bitmap of {bits} bits has {record.Dense.Length} bytes.");
            }

            Buffer.BlockCopy(record.Dense.ToByteArray(), 0, counter._words, 0, bits / 8);
        }

        var bit = -1L;
        foreach (var gap in record.Gaps)
        {
            bit += gap + 1L;
            if (bit >= bits)
            {
                throw new FormatException($"A bitmap of {bits} bits has bit {bit} set.");
            }

            counter._words[bit >> 6] |= 1UL << (int)(bit & 63);
        }

        foreach (var word in counter._words)
        {
            counter._set += BitOperations.PopCount(word);
        }

        return counter;
    }
}
