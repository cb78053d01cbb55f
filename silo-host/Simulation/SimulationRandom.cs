namespace CustomerSegmentation.SiloHost.Simulation;

/// <summary>A small seeded source of random numbers: SplitMix64 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014).</summary>
public sealed class SimulationRandom(ulong seed)
{
    private const ulong Gamma = 0x9E3779B97F4A7C15UL;

    private ulong _state = seed;

    /// <summary>A source for one of many independent streams of the same seed.</summary>
    public static SimulationRandom Stream(int seed, long stream) =>
        new(Mix(Mix((ulong)seed + Gamma) ^ Mix((ulong)stream + unchecked(Gamma * 2))));

    public ulong NextBits() => Mix(_state += Gamma);

    /// <summary>Uniform in [0, 1).</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="exclusiveMax"/>).</summary>
    public int Next(int exclusiveMax) => (int)(NextDouble() * exclusiveMax);

    /// <summary>Uniform in [<paramref name="min"/>, <paramref name="max"/>].</summary>
    public double Between(double min, double max) => min + ((max - min) * NextDouble());

    public bool Chance(double probability) => NextDouble() < probability;

    /// <summary>Exponential with the given mean.</summary>
    public double Exponential(double mean) => -mean * Math.Log(1 - NextDouble());

    /// <summary>Normal by the polar form of Box and Muller (1958), one of the pair.</summary>
    public double Normal(double mean, double deviation) =>
        mean + (deviation * Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble()));

    /// <summary>One or more, geometric with the given mean (at least 1).</summary>
    public int Count(double mean) =>
        mean <= 1 ? 1 : 1 + (int)(Math.Log(1 - NextDouble()) / Math.Log(1 - (1 / mean)));

    /// <summary>An index with probability in proportion to its weight.</summary>
    public int Weighted(ReadOnlySpan<double> weights)
    {
        var total = 0.0;
        foreach (var weight in weights)
        {
            total += weight;
        }

        var point = NextDouble() * total;
        for (var index = 0; index < weights.Length; index++)
        {
            point -= weights[index];
            if (point < 0)
            {
                return index;
            }
        }

        return weights.Length - 1;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
