namespace CustomerSegmentation.Learning.Sampling;

/// <summary>Derives independent seeds from one seed, so that every part of a computation has a stream of its own.</summary>
internal static class Seed
{
    /// <summary>A seed for part <paramref name="part"/> of a computation (SplitMix64: Steele, Lea and Flood 2014).</summary>
    public static ulong Derive(ulong seed, int part)
    {
        var z = seed + (0x9E3779B97F4A7C15UL * ((ulong)(uint)part + 1));
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }

    /// <summary>A generator for the seed.</summary>
    public static Random ToRandom(ulong seed) => new((int)(Derive(seed, 0) >> 32));
}
