namespace CustomerSegmentation.SiloHost.Scoring;

/// <summary>How two partitions of the same customers overlap.</summary>
internal sealed class ContingencyTable
{
    private readonly Dictionary<(string Truth, string Found), long> _cells = [];
    private readonly SortedDictionary<string, long> _truth = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _found = new(StringComparer.Ordinal);

    public long Total { get; private set; }

    /// <summary>True classes with their sizes.</summary>
    public IReadOnlyDictionary<string, long> Truth => _truth;

    /// <summary>Found segments with their sizes.</summary>
    public IReadOnlyDictionary<string, long> Found => _found;

    public long this[string truth, string found] => _cells.GetValueOrDefault((truth, found));

    public void Add(string truth, string found)
    {
        _cells[(truth, found)] = this[truth, found] + 1;
        _truth[truth] = _truth.GetValueOrDefault(truth) + 1;
        _found[found] = _found.GetValueOrDefault(found) + 1;
        Total++;
    }

    /// <summary>Adjusted Rand index: 1 for equal partitions, about 0 for independent ones (Hubert and Arabie 1985, equation 5).</summary>
    public double AdjustedRandIndex()
    {
        var together = _cells.Values.Sum(Pairs);
        var truth = _truth.Values.Sum(Pairs);
        var found = _found.Values.Sum(Pairs);
        var all = Pairs(Total);
        var expected = all == 0 ? 0 : truth * found / all;
        var largest = (truth + found) / 2;
        return largest == expected ? 1 : (together - expected) / (largest - expected);
    }

    /// <summary>Mutual information over the arithmetic mean of the entropies, 0 to 1 (Vinh, Epps and Bailey 2010, NMI sum).</summary>
    public double NormalizedMutualInformation()
    {
        var entropy = Entropy(_truth.Values) + Entropy(_found.Values);
        if (entropy == 0)
        {
            return 1;
        }

        var information = 0.0;
        foreach (var ((truth, found), count) in _cells)
        {
            information += (double)count / Total * Math.Log((double)count * Total / ((double)_truth[truth] * _found[found]));
        }

        return 2 * information / entropy;
    }

    private static double Pairs(long count) => count * (count - 1.0) / 2;

    private double Entropy(IEnumerable<long> counts) => -counts.Sum(count => (double)count / Total * Math.Log((double)count / Total));
}
