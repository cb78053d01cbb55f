using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning.Matching;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>
/// Which new cluster is which old segment. The likeness of a pair is the mean of two: the overlap of their members (Jaccard index over the sample) and the
/// nearness of their centroids, exp(−d²/2s²) with s² the mean squared distance of customers to their centroids. The Hungarian method pairs them at the highest total
/// likeness; a pair below <see cref="LikenessMin"/> is none.
/// </summary>
internal sealed class SegmentMatching
{
    public const double LikenessMin = 0.25;

    // Most of an old segment went into a new one, or most of a new one came from an old one.
    private const double Most = 0.5;

    // Below this part an ended segment's members are not said to have gone somewhere.
    private const double Noteworthy = 0.2;

    private readonly Segmentation? _previous;
    private readonly long[,] _overlap;
    private readonly long[] _oldSizes;
    private readonly long[] _newSizes;
    private readonly int[] _oldOfNew;

    private SegmentMatching(Segmentation? previous, long[,] overlap, int[] oldOfNew)
    {
        _previous = previous;
        _overlap = overlap;
        _oldOfNew = oldOfNew;
        var (olds, news) = (overlap.GetLength(0), overlap.GetLength(1));
        _oldSizes = new long[olds];
        _newSizes = new long[news];
        for (var o = 0; o < olds; o++)
        {
            for (var n = 0; n < news; n++)
            {
                _oldSizes[o] += overlap[o, n];
                _newSizes[n] += overlap[o, n];
            }
        }
    }

    /// <summary>For each new cluster the position of its old segment, or -1.</summary>
    public IReadOnlyList<int> OldOfNew => _oldOfNew;

    /// <param name="previous">The active version; null for none.</param>
    /// <param name="sample">The customers of the fit.</param>
    /// <param name="fit">The new clusters.</param>
    /// <param name="embeddingModel">The model of the fit's embedding columns; empty for none.</param>
    /// <param name="textModel">The model of the fit's text columns; empty for none.</param>
    public static SegmentMatching Of(Segmentation? previous, ProfileSample sample, ClusterFit fit, string embeddingModel, string textModel)
    {
        var count = fit.Centroids.Rows;
        var olds = previous?.Segments.Count ?? 0;
        var overlap = new long[olds, count];
        var oldOfNew = new int[count];
        Array.Fill(oldOfNew, -1);
        if (previous is null)
        {
            return new SegmentMatching(null, overlap, oldOfNew);
        }

        var oldOfKey = sample.Keys.Select(previous.IndexOf).ToArray();
        for (var row = 0; row < fit.Labels.Length; row++)
        {
            var old = sample.Current[row] < 0 ? -1 : oldOfKey[sample.Current[row]];
            if (old >= 0)
            {
                overlap[old, fit.Labels[row]]++;
            }
        }

        var matching = new SegmentMatching(previous, overlap, oldOfNew);
        matching.Match(fit, unit => unit switch
        {
            EmbeddingColumns.Unit => previous.EmbeddingModel == embeddingModel,
            EmbeddingColumns.TextUnit => previous.TextModel == textModel,
            _ => true,
        });
        return matching;
    }

    /// <summary>What became of the old segments and where the new ones are from.</summary>
    /// <param name="keys">For each new cluster its key.</param>
    public IReadOnlyList<SegmentLineage> Lineage(IReadOnlyList<string> keys)
    {
        var lineage = new List<SegmentLineage>();
        for (var n = 0; n < keys.Count; n++)
        {
            lineage.Add(_oldOfNew[n] >= 0 ? OfKept(n, keys[n]) : OfNew(n, keys[n]));
        }

        for (var o = 0; o < _oldSizes.Length; o++)
        {
            if (!_oldOfNew.Contains(o))
            {
                var went = Enumerable.Range(0, keys.Count)
                    .Where(n => _oldSizes[o] > 0 && _overlap[o, n] >= Noteworthy * _oldSizes[o])
                    .OrderByDescending(n => _overlap[o, n])
                    .Select(n => keys[n]);
                lineage.Add(new SegmentLineage { Change = "ended", Key = OldKey(o), Related = [.. went], Retained = 0 });
            }
        }

        return lineage;
    }

    private SegmentLineage OfKept(int n, string key)
    {
        var old = _oldOfNew[n];
        var retained = _oldSizes[old] == 0 ? (double?)null : (double)_overlap[old, n] / _oldSizes[old];

        // Segments that ended and went into this one for the most part have merged with it.
        var merged = Enumerable.Range(0, _oldSizes.Length)
            .Where(o => !_oldOfNew.Contains(o) && _oldSizes[o] > 0 && _overlap[o, n] >= Most * _oldSizes[o])
            .Select(OldKey)
            .ToArray();
        return merged.Length == 0
            ? new SegmentLineage { Change = "kept", Key = key, Retained = retained }
            : new SegmentLineage { Change = "merged", Key = key, Related = [OldKey(old), .. merged], Retained = retained };
    }

    private SegmentLineage OfNew(int n, string key)
    {
        for (var o = 0; o < _oldSizes.Length; o++)
        {
            if (_newSizes[n] > 0 && _overlap[o, n] >= Most * _newSizes[n])
            {
                return new SegmentLineage { Change = "split", Key = key, Related = [OldKey(o)] };
            }
        }

        return new SegmentLineage { Change = "born", Key = key };
    }

    private string OldKey(int o) => _previous!.Segments[o].Key;

    private void Match(ClusterFit fit, Predicate<string> isComparable)
    {
        var olds = _oldSizes.Length;
        var news = _newSizes.Length;
        var likeness = new double[olds, news];
        var costs = new double[olds, news];
        var members = _newSizes.Sum() > 0;
        for (var o = 0; o < olds; o++)
        {
            var centroid = Translate(_previous!.Space, _previous.Segments[o].Centroid.Span, fit.Space, isComparable);
            for (var n = 0; n < news; n++)
            {
                var union = _oldSizes[o] + _newSizes[n] - _overlap[o, n];
                var shared = union == 0 ? 0 : (double)_overlap[o, n] / union;
                var near = Math.Exp(-Distance(centroid, fit.Centroids.Row(n)) / (2 * Math.Max(fit.Metrics.MeanSquaredDistance, 1e-6)));

                // Where nobody carries an old segment there is only the place to go by.
                likeness[o, n] = members ? (shared + near) / 2 : near;
                costs[o, n] = -likeness[o, n];
            }
        }

        var newOfOld = HungarianAlgorithm.Solve(costs).ColumnOfRow;
        for (var o = 0; o < olds; o++)
        {
            var n = newOfOld[o];
            if (n >= 0 && likeness[o, n] >= LikenessMin)
            {
                _oldOfNew[n] = o;
            }
        }
    }

    /// <summary>A point of one space in another: by feature, through the feature's scale. What the old space lacks sits at the new mean, and so do coordinates of another model.</summary>
    private static float[] Translate(SegmentSpace from, ReadOnlySpan<float> point, SegmentSpace to, Predicate<string> isComparable)
    {
        var translated = new float[to.Dimensions];
        for (var i = 0; i < translated.Length; i++)
        {
            var column = to.Columns[i];
            for (var j = 0; j < from.Dimensions; j++)
            {
                var old = from.Columns[j];
                if (isComparable(column.Unit) && old.Feature == column.Feature && old.IsLog == column.IsLog && old.Weight > 0)
                {
                    var scaled = (point[j] / old.Weight * old.Deviation) + old.Mean;
                    translated[i] = Math.Clamp((scaled - column.Mean) / column.Deviation, -column.Clip, column.Clip) * column.Weight;
                }
            }
        }

        return translated;
    }

    private static double Distance(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double sum = 0;
        for (var i = 0; i < first.Length; i++)
        {
            var difference = first[i] - second[i];
            sum += difference * difference;
        }

        return sum;
    }
}
