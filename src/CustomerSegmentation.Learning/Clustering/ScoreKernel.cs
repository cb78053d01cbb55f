using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// The inner product kernel of the assignment step: scores of 8 packed rows against one panel of 16 centroids, kept in registers over all
/// columns. Lanes are centroids and each score is one chain of multiply-adds over the columns, so the result does not depend on the
/// vector width.
/// </summary>
internal static class ScoreKernel
{
    /// <summary>Rows handled by one call; packed blocks are padded to a multiple of it.</summary>
    public const int Rows = 8;

    /// <summary>Writes 8 × 16 scores, row after row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Score(ref float rows, int stride, ref float panel, ref float norms, int columns, ref float scores)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Score512(ref rows, stride, ref panel, ref norms, columns, ref scores);
        }
        else
        {
            ScorePortable(ref rows, stride, ref panel, ref norms, columns, ref scores);
        }
    }

    /// <summary>Eight accumulators, enough to hide the latency of two multiply-add units.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Score512(ref float rows, int stride, ref float panel, ref float norms, int columns, ref float scores)
    {
        ref var r0 = ref rows;
        ref var r1 = ref Unsafe.Add(ref r0, stride);
        ref var r2 = ref Unsafe.Add(ref r1, stride);
        ref var r3 = ref Unsafe.Add(ref r2, stride);
        ref var r4 = ref Unsafe.Add(ref r3, stride);
        ref var r5 = ref Unsafe.Add(ref r4, stride);
        ref var r6 = ref Unsafe.Add(ref r5, stride);
        ref var r7 = ref Unsafe.Add(ref r6, stride);
        var norm = Vector512.LoadUnsafe(ref norms);
        Vector512<float> a0 = norm, a1 = norm, a2 = norm, a3 = norm, a4 = norm, a5 = norm, a6 = norm, a7 = norm;
        for (nint j = 0; j < columns; j++)
        {
            var c = Vector512.LoadUnsafe(ref panel, (nuint)j * CentroidPanels.Width);
            a0 = Vector512.MultiplyAddEstimate(c, Vector512.Create(Unsafe.Add(ref r0, j)), a0);
            a1 = Vector512.MultiplyAddEstimate(c, Vector512.Create(Unsafe.Add(ref r1, j)), a1);
            a2 = Vector512.MultiplyAddEstimate(c, Vector512.Create(Unsafe.Add(ref r2, j)), a2);
            a3 = Vector512.MultiplyAddEstimate(c, Vector512.Create(Unsafe.Add(ref r3, j)), a3);
            a4 = Vector512.MultiplyAddEstimate(c, Vector512.Create(Unsafe.Add(ref r4, j)), a4);
            a5 = Vector512.MultiplyAddEstimate(c, Vector512.Create(Unsafe.Add(ref r5, j)), a5);
            a6 = Vector512.MultiplyAddEstimate(c, Vector512.Create(Unsafe.Add(ref r6, j)), a6);
            a7 = Vector512.MultiplyAddEstimate(c, Vector512.Create(Unsafe.Add(ref r7, j)), a7);
        }

        a0.StoreUnsafe(ref scores);
        a1.StoreUnsafe(ref scores, 1 * CentroidPanels.Width);
        a2.StoreUnsafe(ref scores, 2 * CentroidPanels.Width);
        a3.StoreUnsafe(ref scores, 3 * CentroidPanels.Width);
        a4.StoreUnsafe(ref scores, 4 * CentroidPanels.Width);
        a5.StoreUnsafe(ref scores, 5 * CentroidPanels.Width);
        a6.StoreUnsafe(ref scores, 6 * CentroidPanels.Width);
        a7.StoreUnsafe(ref scores, 7 * CentroidPanels.Width);
    }

    /// <summary>Four rows by two vectors at a time: eight accumulators fit the 16 registers of AVX2 as well as those of Arm.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ScorePortable(ref float rows, int stride, ref float panel, ref float norms, int columns, ref float scores)
    {
        for (nint half = 0; half < Rows; half += 4)
        {
            ref var block = ref Unsafe.Add(ref rows, half * stride);
            for (nint lane = 0; lane < CentroidPanels.Width; lane += 2 * Vector<float>.Count)
            {
                ScoreTile(
                    ref block,
                    stride,
                    ref Unsafe.Add(ref panel, lane),
                    ref Unsafe.Add(ref norms, lane),
                    columns,
                    ref Unsafe.Add(ref scores, (half * CentroidPanels.Width) + lane));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ScoreTile(ref float rows, int stride, ref float panel, ref float norms, int columns, ref float scores)
    {
        var width = (nuint)Vector<float>.Count;
        ref var r0 = ref rows;
        ref var r1 = ref Unsafe.Add(ref r0, stride);
        ref var r2 = ref Unsafe.Add(ref r1, stride);
        ref var r3 = ref Unsafe.Add(ref r2, stride);
        Vector<float> a0 = Vector.LoadUnsafe(ref norms), a1 = a0, a2 = a0, a3 = a0;
        Vector<float> b0 = Vector.LoadUnsafe(ref norms, width), b1 = b0, b2 = b0, b3 = b0;
        for (nint j = 0; j < columns; j++)
        {
            var c = Vector.LoadUnsafe(ref panel, (nuint)j * CentroidPanels.Width);
            var d = Vector.LoadUnsafe(ref panel, ((nuint)j * CentroidPanels.Width) + width);
            var x = new Vector<float>(Unsafe.Add(ref r0, j));
            a0 = Vector.MultiplyAddEstimate(c, x, a0);
            b0 = Vector.MultiplyAddEstimate(d, x, b0);
            x = new Vector<float>(Unsafe.Add(ref r1, j));
            a1 = Vector.MultiplyAddEstimate(c, x, a1);
            b1 = Vector.MultiplyAddEstimate(d, x, b1);
            x = new Vector<float>(Unsafe.Add(ref r2, j));
            a2 = Vector.MultiplyAddEstimate(c, x, a2);
            b2 = Vector.MultiplyAddEstimate(d, x, b2);
            x = new Vector<float>(Unsafe.Add(ref r3, j));
            a3 = Vector.MultiplyAddEstimate(c, x, a3);
            b3 = Vector.MultiplyAddEstimate(d, x, b3);
        }

        a0.StoreUnsafe(ref scores);
        b0.StoreUnsafe(ref scores, width);
        a1.StoreUnsafe(ref scores, CentroidPanels.Width);
        b1.StoreUnsafe(ref scores, CentroidPanels.Width + width);
        a2.StoreUnsafe(ref scores, 2 * CentroidPanels.Width);
        b2.StoreUnsafe(ref scores, (2 * CentroidPanels.Width) + width);
        a3.StoreUnsafe(ref scores, 3 * CentroidPanels.Width);
        b3.StoreUnsafe(ref scores, (3 * CentroidPanels.Width) + width);
    }
}
