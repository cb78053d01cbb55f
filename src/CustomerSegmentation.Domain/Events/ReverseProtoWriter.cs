using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace CustomerSegmentation.Domain.Events;

/// <summary>
/// Writes the Protobuf wire format from the end of the buffer to its beginning, so that the length of a nested message is known when its prefix is written:
/// one pass, canonical varints, no message objects. The caller writes fields last to first. Dispose gives the pooled buffer back.
/// </summary>
internal ref struct ReverseProtoWriter
{
    private byte[] _buffer;
    private int _free;

    /// <param name="capacity">Bytes to begin with; the buffer grows.</param>
    public ReverseProtoWriter(int capacity)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
        _free = _buffer.Length;
    }

    /// <summary>Bytes written so far; the difference of two values is the length of what lies between.</summary>
    public readonly int Length => _buffer.Length - _free;

    public readonly byte[] ToArray()
    {
        var bytes = GC.AllocateUninitializedArray<byte>(Length);
        _buffer.AsSpan(_free).CopyTo(bytes);
        return bytes;
    }

    public readonly void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    public void Varint(ulong value)
    {
        // Most tags and lengths.
        if (value < 0x80 && _free > 0)
        {
            _buffer[--_free] = (byte)value;
            return;
        }

        LongVarint(value);
    }

    /// <summary>A varint field; zero is the default and is left out.</summary>
    public void UInt(int field, ulong value)
    {
        if (value != 0)
        {
            Varint(value);
            Varint((ulong)field << 3);
        }
    }

    /// <summary>A zigzag field; zero is left out.</summary>
    public void SInt(int field, long value) => UInt(field, (ulong)((value << 1) ^ (value >> 63)));

    /// <summary>A double with presence; null is left out.</summary>
    public void Double(int field, double? value)
    {
        if (value is { } number)
        {
            BinaryPrimitives.WriteDoubleLittleEndian(Claim(8), number);
            Varint(((ulong)field << 3) | 1);
        }
    }

    /// <summary>Text with presence; null is left out. A lone surrogate becomes U+FFFD, as UTF-8 cannot say it.</summary>
    public void String(int field, string? value)
    {
        if (value is null)
        {
            return;
        }

        var size = value.Length;
        if (size <= _free && Ascii.FromUtf16(value, _buffer.AsSpan(_free - size, size), out _) == OperationStatus.Done)
        {
            _free -= size;
        }
        else
        {
            size = Encoding.UTF8.GetByteCount(value);
            Encoding.UTF8.GetBytes(value, Claim(size));
        }

        Varint((ulong)size);
        Varint(((ulong)field << 3) | 2);
    }

    /// <summary>Bytes; none are the default and are left out.</summary>
    public void Bytes(int field, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            value.CopyTo(Claim(value.Length));
            Message(field, Length - value.Length);
        }
    }

    /// <summary>Closes a nested message that began (at its end) when <see cref="Length"/> was <paramref name="lengthBefore"/>.</summary>
    public void Message(int field, int lengthBefore)
    {
        Varint((ulong)(Length - lengthBefore));
        Varint(((ulong)field << 3) | 2);
    }

    private void LongVarint(ulong value)
    {
        var size = (((63 - BitOperations.LeadingZeroCount(value | 1)) * 9) + 73) / 64;
        var target = Claim(size);
        for (var i = 0; i < size - 1; i++)
        {
            target[i] = (byte)(value | 0x80);
            value >>= 7;
        }

        target[size - 1] = (byte)value;
    }

    private Span<byte> Claim(int size)
    {
        if (_free < size)
        {
            Grow(Length, size);
        }

        _free -= size;
        return _buffer.AsSpan(_free, size);
    }

    private void Grow(int written, int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(checked(Math.Max(_buffer.Length * 2, written + size)));
        _buffer.AsSpan(_free).CopyTo(larger.AsSpan(larger.Length - written));
        ArrayPool<byte>.Shared.Return(_buffer);
        _free = larger.Length - written;
        _buffer = larger;
    }
}
