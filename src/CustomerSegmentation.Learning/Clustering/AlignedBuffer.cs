using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Floats whose first element lies on a cache line, so that no 64-byte load of a padded row straddles two lines.</summary>
internal sealed class AlignedBuffer
{
    private const int LineFloats = 16;

    private readonly float[] _array;
    private readonly int _offset;

    public AlignedBuffer(int length)
    {
        _array = GC.AllocateArray<float>(length + LineFloats, pinned: true);
        var misaligned = (int)(Marshal.UnsafeAddrOfPinnedArrayElement(_array, 0) / sizeof(float) % LineFloats);
        _offset = (LineFloats - misaligned) % LineFloats;
        Length = length;
    }

    public int Length { get; }

    public Span<float> Span => _array.AsSpan(_offset, Length);

    /// <summary>The first element. Callers stay inside <see cref="Length"/>.</summary>
    public ref float First => ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_array), _offset);

    /// <summary>The smallest multiple of the line length that holds <paramref name="columns"/> values.</summary>
    public static int PaddedLength(int columns) => checked(columns + LineFloats - 1) / LineFloats * LineFloats;
}
