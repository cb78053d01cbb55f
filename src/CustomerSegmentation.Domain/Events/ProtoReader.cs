using System.Buffers.Binary;
using System.Text;

namespace CustomerSegmentation.Domain.Events;

/// <summary>Reads the Protobuf wire format from a span, without message objects.</summary>
internal ref struct ProtoReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public readonly bool AtEnd => _rest.IsEmpty;

    /// <summary>Field number times eight plus wire type.</summary>
    public uint Tag()
    {
        var tag = Varint();
        return tag is >= 8 and <= uint.MaxValue ? (uint)tag : throw new FormatException("A field has no valid number.");
    }

    public ulong Varint()
    {
        ulong value = 0;
        for (var i = 0; i < 10; i++)
        {
            if (i >= _rest.Length)
            {
                break;
            }

            var b = _rest[i];
            value |= (ulong)(b & 0x7F) << (7 * i);
            if (b < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw new FormatException("A number is cut off or too long.");
    }

    public long SInt()
    {
        var value = Varint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Take(8));

    public string String() => Encoding.UTF8.GetString(Bytes());

    public ReadOnlySpan<byte> Bytes() => Take(Varint());

    /// <summary>Steps over the value of a field that this version does not know.</summary>
    public void Skip(uint tag)
    {
        switch (tag & 7)
        {
            case 0:
                Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes();
                break;
            case 5:
                Take(4);
                break;
            default:
                throw new FormatException($"A field has the unknown wire type {tag & 7}.");
        }
    }

    private ReadOnlySpan<byte> Take(ulong size)
    {
        if (size > (ulong)_rest.Length)
        {
            throw new FormatException($"A value of {size} bytes is cut off after {_rest.Length}.");
        }

        var taken = _rest[..(int)size];
        _rest = _rest[(int)size..];
        return taken;
    }
}
