namespace CustomerSegmentation.Learning.Sampling;

/// <summary>Seeded draws of row indices without replacement.</summary>
public static class RandomSample
{
    /// <summary>
    /// Draws min(<paramref name="size"/>, <paramref name="rows"/>) different indices from 0 to rows - 1, in ascending order.
    /// The same arguments give the same sample. Memory and time are O(rows).
    /// Selection sampling (Knuth, The Art of Computer Programming, volume 2, algorithm 3.4.2 S).
    /// </summary>
    /// <param name="rows">Number of rows to draw from, at least 0.</param>
    /// <param name="size">Number of rows wanted, at least 0.</param>
    /// <param name="seed">Seed of the draw.</param>
    public static int[] Rows(int rows, int size, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var wanted = Math.Min(rows, size);
        var sample = new int[wanted];
        var random = Seed.ToRandom(seed);
        var taken = 0;
        for (var row = 0; taken < wanted; row++)
        {
            if (random.NextInt64(rows - row) < wanted - taken)
            {
                sample[taken++] = row;
            }
        }

        return sample;
    }
}
