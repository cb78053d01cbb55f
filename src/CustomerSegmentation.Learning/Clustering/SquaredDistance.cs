using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>Squared Euclidean distance from the differences themselves: exactly zero for equal points, no cancellation.</summary>
internal static class SquaredDistance
{
    /// <summary>Σ (a - b)² of two equally long vectors.</summary>
    public static float Between(ReadOnlySpan<float> a, ReadOnlySpan<float> b) =>
        Between(ref MemoryMarshal.GetReference(a), ref MemoryMarshal.GetReference(b), Math.Min(a.Length, b.Length));

    /// <summary>Σ (a - b)² over <paramref name="length"/> values.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float Between(ref float a, ref float b, int length)
    {
        Vector<float> even = default, odd = default;
        var j = 0;
        for (; j <= length - (2 * Vector<float>.Count); j += 2 * Vector<float>.Count)
        {
            var d0 = Vector.LoadUnsafe(ref a, (nuint)j) - Vector.LoadUnsafe(ref b, (nuint)j);
            var next = (nuint)(j + Vector<float>.Count);
            var d1 = Vector.LoadUnsafe(ref a, next) - Vector.LoadUnsafe(ref b, next);
            even = Vector.MultiplyAddEstimate(d0, d0, even);
            odd = Vector.MultiplyAddEstimate(d1, d1, odd);
        }

        var sum = Vector.Sum(even + odd);
        for (; j < length; j++)
        {
            var d = Unsafe.Add(ref a, j) - Unsafe.Add(ref b, j);
            sum += d * d;
        }

        return sum;
    }
}
