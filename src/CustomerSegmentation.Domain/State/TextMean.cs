using System.Buffers.Binary;
using CustomerSegmentation.Contracts.Events;
using CustomerSegmentation.Domain.Hashing;
using CustomerSegmentation.Domain.State.Schema;

namespace CustomerSegmentation.Domain.State;

/// <summary>
/// The mean of the embeddings that one text model made. A finite number in half precision is a whole number of 2^-24 below 2^40, so the sums are whole
/// numbers and exact: the same texts give the same mean to the last bit, in whatever order they come.
/// </summary>
public sealed class TextMean
{
    /// <summary>Texts that are counted; whoever wrote more has a mean of the first ones.</summary>
    public const long TextsMax = 1L << 22;

    private const double UnitsPerOne = 1 << 24;

    private readonly long[] _sums;

    internal TextMean(string model, int size)
        : this(model, new long[size])
    {
    }

    private TextMean(string model, long[] sums) => (Model, _sums) = (NamePool.Share(model), sums);

    /// <summary>Name and version of the model.</summary>
    public string Model { get; }

    /// <summary>Numbers in an embedding.</summary>
    public int Size => _sums.Length;

    /// <summary>Texts in the mean.</summary>
    public long Count { get; private set; }

    /// <summary>When the latest of them was received, milliseconds since 1970-01-01 UTC.</summary>
    public long LastMs { get; private set; } = long.MinValue;

    internal int EstimatedBytes => 72 + (8 * _sums.Length);

    /// <summary>Writes the mean.</summary>
    /// <param name="into"><see cref="Size"/> numbers.</param>
    public void CopyTo(Span<float> into)
    {
        for (var i = 0; i < _sums.Length; i++)
        {
            into[i] = (float)(_sums[i] / (Count * UnitsPerOne));
        }
    }

    /// <summary>The mean, a copy.</summary>
    public float[] ToArray()
    {
        var mean = new float[_sums.Length];
        CopyTo(mean);
        return mean;
    }

    internal static bool IsSound(TextEmbedding embedding)
    {
        var bytes = embedding.Numbers.Span;
        var sound = embedding.Model.Length > 0 && bytes.Length > 0 && bytes.Length % 2 == 0;
        for (var i = 0; sound && i < bytes.Length; i += 2)
        {
            sound = Half.IsFinite(BinaryPrimitives.ReadHalfLittleEndian(bytes[i..]));
        }

        return sound;
    }

    internal void Add(ReadOnlySpan<byte> numbers, long receivedMs)
    {
        LastMs = Math.Max(LastMs, receivedMs);
        if (Count == TextsMax)
        {
            return;
        }

        Count++;
        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i] += (long)((double)BinaryPrimitives.ReadHalfLittleEndian(numbers[(2 * i)..]) * UnitsPerOne);
        }
    }

    internal TextMeanRecord ToRecord() => new() { Model = Model, Count = Count, LastMs = LastMs, Sums = { _sums } };

    /// <exception cref="FormatException">The record is empty or counts nothing.</exception>
    internal static TextMean FromRecord(TextMeanRecord record) => record.Sums.Count > 0 && record.Count is > 0 and <= TextsMax
        ? new TextMean(record.Model, [.. record.Sums]) { Count = record.Count, LastMs = record.LastMs }
        : throw new FormatException($"A mean of {record.Count} texts with {record.Sums.Count} numbers.");
}
