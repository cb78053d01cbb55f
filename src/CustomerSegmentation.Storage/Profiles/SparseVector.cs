using System.Buffers.Binary;

namespace CustomerSegmentation.Storage.Profiles;

/// <summary>
/// A feature vector as a blob: the number of columns (2 bytes), one bit a column that tells whether it is other than zero (lowest bit first), and those values in
/// single precision, little-endian. Most customers use a part of the features only. Lossless: minus zero counts as other than zero.
/// </summary>
internal static class SparseVector
{
    /// <summary>Most bytes of a vector with this many columns.</summary>
    public static int BytesMax(int columns) => sizeof(ushort) + (columns + 7) / 8 + columns * sizeof(float);

    /// <summary>Writes the blob.</summary>
    /// <param name="vector">At most 65,535 columns.</param>
    /// <param name="blob">At least <see cref="BytesMax"/> bytes.</param>
    /// <returns>The bytes written.</returns>
    public static int Write(ReadOnlySpan<float> vector, Span<byte> blob)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(blob, checked((ushort)vector.Length));
        var bits = blob.Slice(sizeof(ushort), (vector.Length + 7) / 8);
        bits.Clear();
        var at = sizeof(ushort) + bits.Length;
        for (var i = 0; i < vector.Length; i++)
        {
            if (BitConverter.SingleToInt32Bits(vector[i]) != 0)
            {
                bits[i >> 3] |= (byte)(1 << (i & 7));
                BinaryPrimitives.WriteSingleLittleEndian(blob[at..], vector[i]);
                at += sizeof(float);
            }
        }

        return at;
    }

    /// <summary>The blob of a vector.</summary>
    public static byte[] Write(ReadOnlySpan<float> vector)
    {
        var blob = new byte[BytesMax(vector.Length)];
        var bytes = Write(vector, blob);
        return bytes == blob.Length ? blob : blob[..bytes];
    }

    /// <summary>Reads a blob in this form.</summary>
    /// <exception cref="InvalidDataException">The blob is cut short or too long.</exception>
    public static float[] Read(ReadOnlySpan<byte> blob)
    {
        if (blob.Length < sizeof(ushort))
        {
            throw new InvalidDataException("A feature vector in the profile index is cut short.");
        }

        var vector = new float[BinaryPrimitives.ReadUInt16LittleEndian(blob)];
        var at = sizeof(ushort) + (vector.Length + 7) / 8;
        for (var i = 0; i < vector.Length && at <= blob.Length; i++)
        {
            if ((blob[sizeof(ushort) + (i >> 3)] & (1 << (i & 7))) != 0)
            {
                vector[i] = at + sizeof(float) <= blob.Length ? BinaryPrimitives.ReadSingleLittleEndian(blob[at..]) : 0;
                at += sizeof(float);
            }
        }

        return at == blob.Length ? vector : throw new InvalidDataException("A feature vector in the profile index has the wrong length.");
    }
}
