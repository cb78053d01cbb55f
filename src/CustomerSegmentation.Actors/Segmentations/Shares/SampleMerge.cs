using CustomerSegmentation.Domain.Segments;

namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>
/// Puts the parts of a sample together, within a bound on memory: of all customers those with the lowest ranks (bottom-k sampling: Cohen and Kaplan 2007,
/// "Summarizing Data using Bottom-k Sketches"), in the order of their ranks. So the same customers and the same seed give the same sample, in whatever order
/// they first came and however they are shared out.
/// </summary>
/// <param name="columns">Numbers in a vector.</param>
/// <param name="rowsMax">Most customers that are kept.</param>
internal sealed class SampleMerge(int columns, int rowsMax)
{
    private static readonly Comparer<ulong> HighestFirst = Comparer<ulong>.Create((a, b) => b.CompareTo(a));

    private readonly List<ulong> _ranks = [];
    private readonly List<string?> _segments = [];
    private readonly List<double> _monetary = [];
    private readonly PriorityQueue<int, ulong> _highest = new(HighestFirst);
    private float[] _values = new float[Math.Min(rowsMax, 1_024) * columns];
    private long _embedded;
    private long _wrote;

    /// <summary>Customers of all parts, sampled or not.</summary>
    public long Customers { get; private set; }

    /// <summary>
    /// The rank up to which customers are asked for, so that more than enough come: of n customers about rowsMax, and six standard deviations more.
    /// </summary>
    public static ulong RankMax(long customers, int rowsMax)
    {
        var share = (rowsMax + (6 * Math.Sqrt(rowsMax)) + 16) / Math.Max(1, customers);
        return share >= 1 ? ulong.MaxValue : (ulong)(share * ulong.MaxValue);
    }

    public void Add(SampledShare part)
    {
        for (var i = 0; i < part.Ranks.Count; i++)
        {
            if (TryPlace(part.Ranks[i], out var place))
            {
                _segments[place] = part.Segments[i];
                _monetary[place] = part.Monetary[i];
                part.Values.Span.Slice(i * columns, columns).CopyTo(Row(place));
            }
        }

        Customers += part.Customers;
        _embedded += part.Embedded;
        _wrote += part.Wrote;
    }

    public ProfileSample ToSample()
    {
        var count = _ranks.Count;
        var order = Enumerable.Range(0, count).OrderBy(place => _ranks[place]).ToArray();
        var keys = _segments.OfType<string>().Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        var position = keys.Index().ToDictionary(key => key.Item, key => key.Index, StringComparer.Ordinal);
        var current = Array.ConvertAll(order, place => _segments[place] is { } key ? position[key] : -1);
        var monetary = Array.ConvertAll(order, place => _monetary[place]);
        Permute(order);
        return new ProfileSample(new FeatureRows(_values.AsMemory(0, count * columns), count, columns), current, keys, monetary, Customers)
        {
            Embedded = _embedded, Wrote = _wrote,
        };
    }

    /// <summary>Where a row of this rank goes; false when enough rows rank lower.</summary>
    private bool TryPlace(ulong rank, out int place)
    {
        if (_ranks.Count < rowsMax)
        {
            place = _ranks.Count;
            _ranks.Add(rank);
            _segments.Add(null);
            _monetary.Add(0);
            Grow(_ranks.Count * columns);
        }
        else if (_highest.TryPeek(out place, out var highest) && rank < highest)
        {
            _highest.Dequeue();
            _ranks[place] = rank;
        }
        else
        {
            return false;
        }

        _highest.Enqueue(place, rank);
        return true;
    }

    /// <summary>Moves the vectors along the cycles of the order, in place: the sample may fill the memory that it is allowed.</summary>
    private void Permute(int[] order)
    {
        Span<float> held = new float[columns];
        for (var start = 0; start < order.Length; start++)
        {
            if (order[start] < 0)
            {
                continue;
            }

            Row(start).CopyTo(held);
            var to = start;
            while (order[to] != start)
            {
                var from = order[to];
                Row(from).CopyTo(Row(to));
                order[to] = -1;
                to = from;
            }

            held.CopyTo(Row(to));
            order[to] = -1;
        }
    }

    private Span<float> Row(int row) => _values.AsSpan(row * columns, columns);

    private void Grow(int needed)
    {
        if (needed > _values.Length)
        {
            Array.Resize(ref _values, (int)Math.Clamp(_values.Length * 2L, needed, (long)rowsMax * columns));
        }
    }
}
