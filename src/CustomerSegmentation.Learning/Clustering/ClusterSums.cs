namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// What rows say about centroids: of each centroid, how many rows are nearest to it and their sum; and the inertia. Sums over the parts of any partition add up to
/// those of the whole, within the rounding of double precision: which centroid is nearest to a row depends on nothing but the two. So Lloyd's iteration can be
/// done in parts (Dhillon and Modha 2000, "A data-clustering algorithm on distributed memory multiprocessors").
/// </summary>
public sealed class ClusterSums
{
    private readonly long[] _counts;
    private readonly double[] _sums;

    /// <summary>Sums of no rows.</summary>
    /// <param name="clusters">k, at least 1.</param>
    /// <param name="columns">At least 1.</param>
    public ClusterSums(int clusters, int columns)
        : this(new long[clusters], new double[checked(clusters * columns)], 0)
    {
    }

    /// <summary>Rebuilds sums from their parts, which it takes over.</summary>
    /// <param name="counts">Rows of each cluster.</param>
    /// <param name="sums">k × columns.</param>
    /// <param name="inertia">Sum of the squared distances of the rows to their centroids.</param>
    /// <exception cref="ArgumentException">Lengths do not fit.</exception>
    public ClusterSums(long[] counts, double[] sums, double inertia)
    {
        ArgumentNullException.ThrowIfNull(counts);
        ArgumentNullException.ThrowIfNull(sums);
        if (counts.Length == 0 || sums.Length == 0 || sums.Length % counts.Length != 0)
        {
            throw new ArgumentException($"{counts.Length} counts and {sums.Length} sums do not make whole rows.", nameof(sums));
        }

        (_counts, _sums, Inertia) = (counts, sums, inertia);
    }

    /// <summary>Rows of each cluster.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Sums of the rows of each cluster, k × columns.</summary>
    public ReadOnlySpan<double> Sums => _sums;

    /// <summary>Sum of the squared distances of the rows to their centroids.</summary>
    public double Inertia { get; private set; }

    public int Columns => _sums.Length / _counts.Length;

    public long Rows => _counts.Sum();

    /// <summary>Assigns rows to their nearest centroids and adds them; ties go to the lower index.</summary>
    /// <param name="rows">rows × columns, finite.</param>
    /// <param name="centroids">k × columns.</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public void AddRows(Matrix rows, Matrix centroids)
    {
        ThrowUnlessFitting(centroids.Rows, centroids.Columns);
        ThrowUnlessFitting(_counts.Length, rows.Columns);
        var columns = Columns;
        for (var i = 0; i < rows.Rows; i++)
        {
            var row = rows.Row(i);
            var (nearest, least) = (0, float.PositiveInfinity);
            for (var c = 0; c < _counts.Length; c++)
            {
                var distance = SquaredDistance.Between(row, centroids.Row(c));
                if (distance < least)
                {
                    (nearest, least) = (c, distance);
                }
            }

            _counts[nearest]++;
            Inertia += least;
            var sum = _sums.AsSpan(nearest * columns, columns);
            for (var j = 0; j < row.Length; j++)
            {
                sum[j] += row[j];
            }
        }
    }

    /// <summary>Adds the sums of other rows to the same centroids.</summary>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public void Add(ClusterSums other)
    {
        ArgumentNullException.ThrowIfNull(other);
        ThrowUnlessFitting(other._counts.Length, other.Columns);
        for (var c = 0; c < _counts.Length; c++)
        {
            _counts[c] += other._counts[c];
        }

        for (var i = 0; i < _sums.Length; i++)
        {
            _sums[i] += other._sums[i];
        }

        Inertia += other.Inertia;
    }

    /// <summary>Each centroid moved to the mean of its rows; one without rows stays.</summary>
    /// <param name="centroids">The centroids that the rows were assigned to.</param>
    /// <param name="shift">Receives the sum of the squared movements.</param>
    /// <exception cref="ArgumentException">Shapes do not fit.</exception>
    public Matrix Move(Matrix centroids, out double shift)
    {
        ThrowUnlessFitting(centroids.Rows, centroids.Columns);
        var moved = centroids.Values.ToArray();
        shift = 0;
        for (var i = 0; i < moved.Length; i++)
        {
            if (_counts[i / Columns] is > 0 and var count)
            {
                var mean = (float)(_sums[i] / count);
                shift += ((double)mean - moved[i]) * ((double)mean - moved[i]);
                moved[i] = mean;
            }
        }

        return new Matrix(moved, centroids.Rows, centroids.Columns);
    }

    private void ThrowUnlessFitting(int clusters, int columns)
    {
        if (clusters != _counts.Length || columns != Columns)
        {
            throw new ArgumentException($"{clusters} x {columns} do not fit sums of {_counts.Length} x {Columns}.");
        }
    }
}
