using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace CustomerSegmentation.Domain.Hashing;

/// <summary>
/// A 64-bit hash that is the same in every process and release, because snapshots hold its values: never change it. Each 8-byte word (four UTF-16 units) goes
/// through a folded 64 x 64 -> 128 bit multiplication (the mixing step of wyhash, Wang Yi 2019), the length goes in at the end. Not cryptographic.
/// </summary>
internal static class StableHash
{
    private const ulong Seed = 0x9E3779B97F4A7C15;
    private const ulong WordKey = 0xD1B54A32D192ED03;
    private const ulong LengthKey = 0xAEF17502108EF2D9;

    public static ulong Of(ReadOnlySpan<char> text) => Of(MemoryMarshal.AsBytes(text));

    public static ulong Of(ReadOnlySpan<byte> bytes)
    {
        var hash = Seed;
        var rest = bytes;
        while (rest.Length >= 8)
        {
            hash = Fold(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(rest), WordKey) + Seed;
            rest = rest[8..];
        }

        hash = Fold(hash ^ Tail(bytes, rest), WordKey) + Seed;
        return Fold(hash ^ ((ulong)bytes.Length * LengthKey), LengthKey);
    }

    /// <summary>The upper half, never 0: 0 stands for "none" where a token has no text.</summary>
    public static uint Of32(string? text) => string.IsNullOrEmpty(text) ? 0 : Math.Max(1, (uint)(Of(text) >> 32));

    /// <summary>The last 0 to 7 bytes as a number, the first of them lowest.</summary>
    private static ulong Tail(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> rest)
    {
        if (rest.IsEmpty)
        {
            return 0;
        }

        if (bytes.Length >= 8)
        {
            return BinaryPrimitives.ReadUInt64LittleEndian(bytes[^8..]) >> (8 * (8 - rest.Length));
        }

        ulong tail = 0;
        for (var i = 0; i < rest.Length; i++)
        {
            tail |= (ulong)rest[i] << (8 * i);
        }

        return tail;
    }

    private static ulong Fold(ulong a, ulong b)
    {
        var high = Math.BigMul(a, b, out var low);
        return high ^ low;
    }
}
