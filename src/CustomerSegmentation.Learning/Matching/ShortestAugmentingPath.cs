namespace CustomerSegmentation.Learning.Matching;

/// <summary>
/// Matches every vertex of the shorter side, one after the other, along the cheapest alternating path in reduced costs.
/// </summary>
internal sealed class ShortestAugmentingPath
{
    private readonly int _short;
    private readonly int _long;
    private readonly double[] _costs;
    private readonly double[] _shortDual;
    private readonly double[] _longDual;
    private readonly double[] _distance;
    private readonly int[] _predecessor;
    private readonly bool[] _scanned;

    /// <param name="shortSide">Vertices on the side with fewer, or as many.</param>
    /// <param name="longSide">Vertices on the other side.</param>
    /// <param name="cost">Cost of a pair (short, long).</param>
    public ShortestAugmentingPath(int shortSide, int longSide, Func<int, int, double> cost)
    {
        _short = shortSide;
        _long = longSide;
        _costs = new double[checked(shortSide * longSide)];
        for (var i = 0; i < shortSide; i++)
        {
            for (var j = 0; j < longSide; j++)
            {
                _costs[(i * longSide) + j] = cost(i, j);
            }
        }

        _shortDual = new double[shortSide];
        _longDual = new double[longSide];
        _distance = new double[longSide];
        _predecessor = new int[longSide];
        _scanned = new bool[longSide];
        PartnerOfShort = new int[shortSide];
        PartnerOfLong = new int[longSide];
        Array.Fill(PartnerOfShort, Assignment.None);
        Array.Fill(PartnerOfLong, Assignment.None);
    }

    public int[] PartnerOfShort { get; }

    public int[] PartnerOfLong { get; }

    public void Solve()
    {
        for (var start = 0; start < _short; start++)
        {
            Augment(start, FindSink(start, out var length), length);
        }
    }

    /// <summary>Dijkstra over reduced costs from <paramref name="start"/> to the nearest unmatched vertex of the longer side.</summary>
    private int FindSink(int start, out double length)
    {
        Array.Fill(_distance, double.PositiveInfinity);
        Array.Clear(_scanned);
        length = 0;
        var current = start;
        while (true)
        {
            var nearest = -1;
            for (var j = 0; j < _long; j++)
            {
                if (_scanned[j])
                {
                    continue;
                }

                var path = length + _costs[(current * _long) + j] - _shortDual[current] - _longDual[j];
                if (path < _distance[j])
                {
                    _distance[j] = path;
                    _predecessor[j] = current;
                }

                // Of equally near vertices an unmatched one ends the search.
                var free = PartnerOfLong[j] == Assignment.None;
                if (nearest < 0 || _distance[j] < _distance[nearest]
                    || (free && _distance[j] == _distance[nearest] && PartnerOfLong[nearest] != Assignment.None))
                {
                    nearest = j;
                }
            }

            length = _distance[nearest];
            _scanned[nearest] = true;
            if (PartnerOfLong[nearest] == Assignment.None)
            {
                return nearest;
            }

            current = PartnerOfLong[nearest];
        }
    }

    /// <summary>Keeps the reduced costs of matched pairs at zero and of all others at zero or more, then flips the path.</summary>
    private void Augment(int start, int sink, double length)
    {
        _shortDual[start] += length;
        for (var j = 0; j < _long; j++)
        {
            if (!_scanned[j] || j == sink)
            {
                continue;
            }

            var slack = length - _distance[j];
            _shortDual[PartnerOfLong[j]] += slack;
            _longDual[j] -= slack;
        }

        var (row, column) = (Assignment.None, sink);
        while (row != start)
        {
            row = _predecessor[column];
            PartnerOfLong[column] = row;
            (PartnerOfShort[row], column) = (column, PartnerOfShort[row]);
        }
    }
}
