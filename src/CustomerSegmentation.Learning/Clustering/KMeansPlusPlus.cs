namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// k-means++ seeding with greedy local trials (Arthur and Vassilvitskii 2007, "k-means++: the advantages of careful seeding"): each centroid is
/// drawn with probability proportional to the squared distance from the nearest one so far, and of several draws the one that leaves
/// the lowest inertia is kept. Memory is one float for each row.
/// </summary>
internal sealed class KMeansPlusPlus
{
    private readonly KMeansWorkspace _workspace;
    private readonly Random _random;
    private readonly CancellationToken _cancellationToken;
    private readonly float[] _closest;
    private readonly double[] _chunkTotals;

    public KMeansPlusPlus(KMeansWorkspace workspace, Random random, CancellationToken cancellationToken)
    {
        _workspace = workspace;
        _random = random;
        _cancellationToken = cancellationToken;
        _closest = new float[workspace.Rows.Count];
        _chunkTotals = new double[workspace.Executor.Count];
    }

    /// <summary>Candidates for each centroid where the caller does not say: 2 + ln k.</summary>
    public static int DefaultTrials(int clusterCount) => 2 + (int)Math.Log(clusterCount);

    /// <summary>Chooses k rows as centroids; returns k × stride centred values.</summary>
    public float[] Choose(int clusterCount, int trials)
    {
        var stride = _workspace.Rows.Stride;
        var centroids = new float[checked(clusterCount * stride)];
        var candidates = new float[trials * stride];
        Array.Fill(_closest, float.PositiveInfinity);
        Take(_random.Next(_workspace.Rows.Count), centroids.AsSpan(0, stride));
        Update(centroids, 0);
        for (var c = 1; c < clusterCount; c++)
        {
            var total = _chunkTotals.Sum();
            for (var t = 0; t < trials; t++)
            {
                // Every row coincides with a centroid already: any row is as good as another.
                var row = total > 0 ? Draw(_random.NextDouble() * total) : _random.Next(_workspace.Rows.Count);
                Take(row, candidates.AsSpan(t * stride, stride));
            }

            var best = trials == 1 ? 0 : Best(candidates, trials);
            candidates.AsSpan(best * stride, stride).CopyTo(centroids.AsSpan(c * stride));
            Update(centroids, c * stride);
        }

        return centroids;
    }

    private void Take(int row, Span<float> centred) => _workspace.Rows.Pack(row, 1, ref centred[0]);

    /// <summary>The row at which the running sum of squared distances passes <paramref name="target"/>.</summary>
    private int Draw(double target)
    {
        var chunk = 0;
        while (chunk < _chunkTotals.Length - 1 && target >= _chunkTotals[chunk])
        {
            target -= _chunkTotals[chunk++];
        }

        var (start, end) = _workspace.Executor.Bounds(chunk);
        var last = start;
        for (var row = start; row < end; row++)
        {
            if (_closest[row] <= 0)
            {
                continue;
            }

            last = row;
            target -= _closest[row];
            if (target < 0)
            {
                break;
            }
        }

        return last;
    }

    /// <summary>The candidate that would leave the lowest inertia; ties go to the first.</summary>
    private int Best(float[] candidates, int trials)
    {
        var stride = _workspace.Rows.Stride;
        var potentials = new double[_workspace.Executor.Count][];
        _workspace.Executor.Run(
            (worker, chunk) =>
            {
                var potential = new double[trials];
                _workspace.ForEachPackedBlock(worker, chunk, (scratch, first, rows) =>
                {
                    for (var t = 0; t < trials; t++)
                    {
                        var sum = 0.0;
                        for (var i = 0; i < rows; i++)
                        {
                            var distance = SquaredDistance.Between(ref scratch.PackedRow(i), ref candidates[t * stride], stride);
                            sum += Math.Min(distance, _closest[first + i]);
                        }

                        potential[t] += sum;
                    }
                });
                potentials[chunk] = potential;
            },
            _cancellationToken);

        return Enumerable.Range(0, trials).MinBy(t => potentials.Sum(potential => potential[t]));
    }

    /// <summary>Lowers each row's distance to the nearest centroid by the centroid at <paramref name="offset"/>.</summary>
    private void Update(float[] centroids, int offset)
    {
        var stride = _workspace.Rows.Stride;
        _workspace.Executor.Run(
            (worker, chunk) =>
            {
                var total = 0.0;
                _workspace.ForEachPackedBlock(worker, chunk, (scratch, first, rows) =>
                {
                    for (var i = 0; i < rows; i++)
                    {
                        var distance = SquaredDistance.Between(ref scratch.PackedRow(i), ref centroids[offset], stride);
                        _closest[first + i] = Math.Min(_closest[first + i], distance);
                        total += _closest[first + i];
                    }
                });
                _chunkTotals[chunk] = total;
            },
            _cancellationToken);
    }
}
