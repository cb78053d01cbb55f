using CustomerSegmentation.Learning.Evaluation;
using CustomerSegmentation.Learning.Sampling;

namespace CustomerSegmentation.Learning.Clustering;

/// <summary>
/// Chooses the number of clusters of k-means by two questions. Is the clustering stable: do two overlapping subsamples, clustered apart,
/// agree on the rows they share (Ben-Hur, Elisseeff and Guyon 2002, "A stability based method for discovering structure in clustered
/// data"; Lange, Roth, Braun and Buhmann 2004; agreement by the adjusted Rand index)? And are the clusters separate: is the mean
/// silhouette high (Rousseeuw 1987)?
/// <para>
/// The rule: of all k whose mean stability less its standard deviation reaches <see cref="ClusterCountOptions.StabilityMin"/>, those whose
/// silhouette is within <see cref="ClusterCountOptions.SilhouetteTolerance"/> of the best, and of these the fewest clusters: a k whose
/// clusters agree on average but now and then not at all would give the shop other segments next time. Where no k is that stable, the
/// most stable one. Every k sees the same subsamples, so that they differ by k and not by luck.
/// </para>
/// </summary>
public static class ClusterCountSelector
{
    private const int FullSample = -1;

    /// <summary>Scores every k and chooses one.</summary>
    /// <param name="data">rows × columns, at least 4 rows, finite and scaled as for <see cref="KMeans.Fit"/>.</param>
    /// <param name="options">Range, sample, rule; null takes the defaults.</param>
    /// <param name="progress">Told after each step, from one thread at a time, though not always the calling one.</param>
    /// <param name="cancellationToken">Observed in every pass over a subsample.</param>
    /// <exception cref="ArgumentException">An option is out of its range, or there are too few rows for the fewest clusters.</exception>
    /// <exception cref="InvalidMatrixException">The data holds a value that is not finite or too large.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ClusterCountSelection Select(
        Matrix data,
        ClusterCountOptions? options = null,
        IProgress<ClusterCountProgress>? progress = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new ClusterCountOptions();
        options.Validate();
        var subsampleRows = (int)(Math.Min(data.Rows, options.SampleRowsMax) * options.SubsampleFraction);
        if (data.Rows < 4 || subsampleRows < options.ClusterCountMin)
        {
            throw new ArgumentException(
                $"{data.Rows} rows are too few to compare {options.ClusterCountMin} clusters and more.", nameof(data));
        }

        _ = ColumnMoments.Compute(data, new ChunkExecutor(data.Rows, 0, options.DegreeOfParallelism), cancellationToken);
        var sampleRows = RandomSample.Rows(data.Rows, options.SampleRowsMax, Seed.Derive(options.Seed, 0));
        var sample = sampleRows.Length < data.Rows ? data.SelectRows(sampleRows) : data;
        var countMax = Math.Min(options.ClusterCountMax, subsampleRows);
        var run = new SelectionRun(sample, subsampleRows, options with { ClusterCountMax = countMax }, progress, cancellationToken);
        var scores = run.Scores();
        var (choice, rule) = Choose(scores, options);
        return new ClusterCountSelection(choice, rule, scores, sample.Rows);
    }

    internal static (int ClusterCount, ClusterCountRule Rule) Choose(IReadOnlyList<ClusterCountScore> scores, ClusterCountOptions options)
    {
        var stable = scores.Where(score => score.Stability - score.StabilityDeviation >= options.StabilityMin).ToArray();
        if (stable.Length == 0)
        {
            // MaxBy keeps the first of equals, and scores ascend by the number of clusters.
            return (scores.MaxBy(score => score.Stability)!.ClusterCount, ClusterCountRule.MostStable);
        }

        var best = stable.Max(score => score.Silhouette);
        var choice = stable.First(score => score.Silhouette >= best - options.SilhouetteTolerance);
        return (choice.ClusterCount, ClusterCountRule.BestSeparatedOfTheStable);
    }

    /// <summary>
    /// All fits of one selection. One job is a pair of subsamples through every k, or the whole sample through every k.
    /// </summary>
    private sealed class SelectionRun(
        Matrix sample,
        int subsampleRows,
        ClusterCountOptions options,
        IProgress<ClusterCountProgress>? progress,
        CancellationToken cancellationToken)
    {
        private readonly Lock _reporting = new();
        private readonly int _counts = options.ClusterCountMax - options.ClusterCountMin + 1;
        private readonly double[,] _agreement = new double[options.SubsamplePairs, options.ClusterCountMax - options.ClusterCountMin + 1];
        private readonly ClusterCountScore[] _scores = new ClusterCountScore[options.ClusterCountMax - options.ClusterCountMin + 1];
        private int _done;

        public IReadOnlyList<ClusterCountScore> Scores()
        {
            var jobs = options.SubsamplePairs + 1;
            var executor = new ChunkExecutor(jobs, 0, options.DegreeOfParallelism, chunkRowsMin: 1);
            executor.Run(
                (_, chunk) =>
                {
                    var (start, end) = executor.Bounds(chunk);
                    for (var job = start; job < end && !cancellationToken.IsCancellationRequested; job++)
                    {
                        RunUnlessCancelled(job - 1);
                    }
                },
                cancellationToken);
            return [.. _scores.Select((score, index) => WithStability(score, index))];
        }

        /// <summary>Leaves the cancellation to the executor, which throws it once, on the calling thread.</summary>
        private void RunUnlessCancelled(int pair)
        {
            try
            {
                if (pair == FullSample)
                {
                    ScoreWhole();
                }
                else
                {
                    ComparePair(pair);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
            }
        }

        private void ScoreWhole()
        {
            for (var index = 0; index < _counts; index++)
            {
                var model = Fit(sample, index, FullSample, 0);
                var silhouette = Silhouette.Exact(
                    sample,
                    model.Labels.Span,
                    new SilhouetteOptions
                    {
                        SampleRowsMax = options.SilhouetteRowsMax,
                        Seed = Seed.Derive(options.Seed, 1),
                        DegreeOfParallelism = 1,
                    },
                    cancellationToken);
                var smallest = model.Sizes.Min() / (double)sample.Rows;
                _scores[index] = new ClusterCountScore(
                    options.ClusterCountMin + index, model.Inertia, silhouette.Mean, silhouette.StandardError, 0, 0, smallest);
                Report();
            }
        }

        private void ComparePair(int pair)
        {
            var first = RandomSample.Rows(sample.Rows, subsampleRows, Seed.Derive(options.Seed, (2 * pair) + 2));
            var second = RandomSample.Rows(sample.Rows, subsampleRows, Seed.Derive(options.Seed, (2 * pair) + 3));
            var (firstData, secondData) = (sample.SelectRows(first), sample.SelectRows(second));
            var shared = Shared(first, second);
            for (var index = 0; index < _counts; index++)
            {
                var (a, b) = (Fit(firstData, index, pair, 0).Labels, Fit(secondData, index, pair, 1).Labels);
                var firstLabels = shared.Select(s => a.Span[s.First]).ToArray();
                var secondLabels = shared.Select(s => b.Span[s.Second]).ToArray();
                _agreement[pair, index] = AdjustedRandIndex.Score(firstLabels, secondLabels);
                Report();
            }
        }

        private KMeansModel Fit(Matrix data, int index, int pair, int side)
        {
            var kmeans = new KMeansOptions
            {
                ClusterCount = options.ClusterCountMin + index,
                Starts = options.Starts,
                IterationsMax = options.IterationsMax,
                Seed = Seed.Derive(Seed.Derive(options.Seed, (2 * (pair + 1)) + side), index),
                DegreeOfParallelism = 1,
            };
            return KMeans.Fit(data, kmeans, null, cancellationToken);
        }

        private ClusterCountScore WithStability(ClusterCountScore score, int index)
        {
            var agreement = Enumerable.Range(0, options.SubsamplePairs).Select(pair => _agreement[pair, index]).ToArray();
            var mean = agreement.Average();
            var deviation = Math.Sqrt(agreement.Sum(a => (a - mean) * (a - mean)) / Math.Max(1, agreement.Length - 1));
            return score with { Stability = mean, StabilityDeviation = deviation };
        }

        private void Report()
        {
            lock (_reporting)
            {
                _done++;
                progress?.Report(new ClusterCountProgress(_done, _counts * (options.SubsamplePairs + 1)));
            }
        }

        /// <summary>Positions of the rows that both ascending subsamples hold.</summary>
        private static List<(int First, int Second)> Shared(int[] first, int[] second)
        {
            var shared = new List<(int First, int Second)>();
            var j = 0;
            for (var i = 0; i < first.Length; i++)
            {
                while (j < second.Length && second[j] < first[i])
                {
                    j++;
                }

                if (j < second.Length && second[j] == first[i])
                {
                    shared.Add((i, j));
                }
            }

            return shared;
        }
    }
}
