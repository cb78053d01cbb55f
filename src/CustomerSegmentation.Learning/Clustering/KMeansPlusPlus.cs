using System.Runtime.CompilerServices;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// k-means++ seeding with greedy local trials (Arthur and Vassilvitskii 2007, "k-means++: the advantages of careful seeding"): each
/// centroid is drawn with probability proportional to the squared distance from the nearest one so far, and of several draws the one that
/// leaves the lowest inertia is kept. One pass over the rows for each centroid; memory is one float for each row, and one more for each
/// trial.
/// </summary>
internal sealed class KMeansPlusPlus
{
    private readonly KMeansWorkspace _workspace;
    private readonly Random _random;
    private readonly CancellationToken _cancellationToken;
    private readonly int _trials;

    /// <summary>For each trial what <see cref="_closest"/> would become.</summary>
    private readonly float[][] _closestByTrial;
    private readonly double[][] _totalsByTrial;

    /// <summary>Squared distance of each row from its nearest centroid so far.</summary>
    private float[] _closest;
    private double[] _chunkTotals;

    public KMeansPlusPlus(KMeansWorkspace workspace, int trials, Random random, CancellationToken cancellationToken)
    {
        _workspace = workspace;
        _random = random;
        _cancellationToken = cancellationToken;
        _trials = trials;
        _closest = new float[workspace.Rows.Count];
        _chunkTotals = new double[workspace.Executor.Count];
        _closestByTrial = [.. Enumerable.Range(0, trials).Select(_ => new float[workspace.Rows.Count])];
        _totalsByTrial = [.. Enumerable.Range(0, trials).Select(_ => new double[workspace.Executor.Count])];
    }

    /// <summary>Candidates for each centroid where the caller does not say: 2 + ln k.</summary>
    public static int DefaultTrials(int clusterCount) => 2 + (int)Math.Log(clusterCount);

    /// <summary>Chooses k rows as centroids; returns k × stride centred values.</summary>
    public float[] Choose(int clusterCount)
    {
        var stride = _workspace.Rows.Stride;
        var centroids = new float[checked(clusterCount * stride)];
        var candidates = new float[checked(_trials * stride)];
        Array.Fill(_closest, float.PositiveInfinity);
        for (var c = 0; c < clusterCount; c++)
        {
            var total = c == 0 ? 0 : _chunkTotals.Sum();
            var trials = c == 0 ? 1 : _trials;
            for (var t = 0; t < trials; t++)
            {
                // The first centroid is any row; and where every row coincides with a centroid, any is as good as another.
                var row = total > 0 ? Draw(_random.NextDouble() * total) : _random.Next(_workspace.Rows.Count);
                _workspace.Rows.Pack(row, 1, ref candidates[t * stride]);
            }

            Try(candidates, trials);
            var best = Enumerable.Range(0, trials).MinBy(t => _totalsByTrial[t].Sum());
            candidates.AsSpan(best * stride, stride).CopyTo(centroids.AsSpan(c * stride));
            (_closest, _closestByTrial[best]) = (_closestByTrial[best], _closest);
            (_chunkTotals, _totalsByTrial[best]) = (_totalsByTrial[best], _chunkTotals);
        }

        return centroids;
    }

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

    /// <summary>Measures every row against every candidate.</summary>
    private void Try(float[] candidates, int trials)
    {
        var stride = _workspace.Rows.Stride;
        _workspace.Executor.Run(
            (worker, chunk) =>
            {
                for (var t = 0; t < trials; t++)
                {
                    _totalsByTrial[t][chunk] = 0;
                }

                _workspace.ForEachPackedBlock(worker, chunk, (scratch, first, rows) =>
                {
                    for (var t = 0; t < trials; t++)
                    {
                        var (closest, lowered) = (_closest.AsMemory(first, rows), _closestByTrial[t].AsMemory(first, rows));
                        _totalsByTrial[t][chunk] += Lower(scratch, ref candidates[t * stride], stride, closest.Span, lowered.Span);
                    }
                });
            },
            _cancellationToken);
    }

    /// <summary>Writes min(closest, distance from the candidate) for each packed row, and returns their sum.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static double Lower(
        AssignmentScratch scratch, ref float candidate, int stride, ReadOnlySpan<float> closest, Span<float> lowered)
    {
        var sum = 0.0;
        for (var i = 0; i < closest.Length; i++)
        {
            var distance = Math.Min(closest[i], SquaredDistance.Between(ref scratch.PackedRow(i), ref candidate, stride));
            lowered[i] = distance;
            sum += distance;
        }

        return sum;
    }
}
