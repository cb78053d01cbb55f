using CustomerSegmentation.Contracts.Segmentations;
using CustomerSegmentation.Domain.Features;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning;
using CustomerSegmentation.Learning.Clustering;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>
/// Fits space and clusters to a sample. The number of clusters is the requested one, or chosen by <see cref="ClusterCountSelector"/> within the requested range, which a
/// small shop narrows: no more clusters than √(customers / 2). A chosen number with a cluster below <see cref="ClusterShareMin"/> of the customers is lowered,
/// so that a handful of odd accounts never is a segment of its own.
/// </summary>
/// <param name="columns">The columns that may be clustered by.</param>
/// <param name="options">Limits and settings.</param>
internal sealed class ClusterFitter(IReadOnlyList<FeatureColumn> columns, SegmentationOptions options)
{
    /// <summary>Smallest share of the customers in a cluster of a chosen (not requested) number.</summary>
    public const double ClusterShareMin = 0.01;

    /// <summary>Part of the step that is over when the sample is fitted.</summary>
    public const double FittedPart = 0.4;

    /// <summary>Fewest different customers that can be clustered.</summary>
    public const int DistinctMin = 4;

    /// <summary>Finds space, number of clusters and first centroids in a sample.</summary>
    /// <exception cref="SegmentationException">The customers are too few or too alike.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ClusterStart Fit(FeatureRows rows, SegmentationRequest request, Action<string, double> progress, CancellationToken cancellationToken)
    {
        if (rows.Count < DistinctMin)
        {
            throw new SegmentationException($"{rows.Count} customers are known; at least {DistinctMin} are needed.");
        }

        var space = SegmentSpaceFitter.Fit(columns, rows, options.Clip)
            ?? throw new SegmentationException($"All {rows.Count} customers look the same: no feature tells them apart.");
        var points = Project(space, rows);
        var needed = request.SegmentCount is { } asked ? 2 * asked : DistinctMin;
        var distinct = CountDistinct(points, needed);
        if (distinct < needed)
        {
            throw new SegmentationException($"Only {distinct} of {rows.Count} customers differ from each other; at least {needed} are needed.");
        }

        var selection = Select(points, request, progress, cancellationToken);
        var (model, count) = FitClusters(points, selection.ClusterCount, request, progress, cancellationToken);
        return new ClusterStart(space, points, model.Centroids, selection.Scores.FirstOrDefault(score => score.ClusterCount == count) ?? selection.Scores[0], selection.Scores);
    }

    /// <summary>Puts what was found in the sample and what everybody made of it together.</summary>
    /// <param name="start">What was found in the sample.</param>
    /// <param name="centroids">The final centroids.</param>
    /// <param name="meanSquaredDistance">Of everybody to their centroids.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public ClusterFit Complete(
        ClusterStart start, Matrix centroids, double meanSquaredDistance, SegmentationRequest request, CancellationToken cancellationToken)
    {
        var labels = new int[start.Points.Rows];
        NearestCentroids.Assign(start.Points, centroids, labels, default, options.Threads, cancellationToken);
        var temperature = new TemperatureCalibration(start.Points, centroids, options.Threads, (ulong)request.Seed).Fit(meanSquaredDistance, cancellationToken);
        return new ClusterFit(start.Space, labels, centroids, temperature, new SegmentationMetrics
        {
            SegmentCount = centroids.Rows,
            MeanSquaredDistance = meanSquaredDistance,
            Silhouette = start.Score.Silhouette,
            Stability = start.Score.Stability,
            Candidates =
            [
                .. start.Candidates.Select(candidate => new SegmentCountScore
                {
                    SegmentCount = candidate.ClusterCount,
                    Silhouette = candidate.Silhouette,
                    Stability = candidate.Stability,
                    StabilityDeviation = candidate.StabilityDeviation,
                }),
            ],
        });
    }

    private static Matrix Project(SegmentSpace space, FeatureRows rows)
    {
        var values = new float[rows.Count * space.Dimensions];
        for (var i = 0; i < rows.Count; i++)
        {
            space.Project(rows.Row(i), values.AsSpan(i * space.Dimensions, space.Dimensions));
        }

        return new Matrix(values, rows.Count, space.Dimensions);
    }

    private static int CountDistinct(Matrix points, int enough)
    {
        var distinct = new List<int>();
        for (var row = 0; row < points.Rows && distinct.Count < enough; row++)
        {
            var known = false;
            foreach (var other in distinct)
            {
                known |= points.Row(row).SequenceEqual(points.Row(other));
            }

            if (!known)
            {
                distinct.Add(row);
            }
        }

        return distinct.Count;
    }

    private ClusterCountSelection Select(
        Matrix points, SegmentationRequest request, Action<string, double> progress, CancellationToken cancellationToken)
    {
        progress(SegmentationSteps.Choosing, 0);
        var most = Math.Max(2, (int)Math.Sqrt(points.Rows / 2.0));
        var countMax = request.SegmentCount ?? Math.Min(request.MaxSegments, most);
        var selection = new ClusterCountOptions
        {
            ClusterCountMin = request.SegmentCount ?? Math.Min(request.MinSegments, countMax),
            ClusterCountMax = countMax,
            Seed = (ulong)request.Seed,
            DegreeOfParallelism = options.Threads,
        };
        return ClusterCountSelector.Select(
            points,
            selection,
            new DirectProgress<ClusterCountProgress>(step => progress(SegmentationSteps.Choosing, (double)step.Done / step.Total)),
            cancellationToken);
    }

    private (KMeansModel Model, int Count) FitClusters(
        Matrix points, int count, SegmentationRequest request, Action<string, double> progress, CancellationToken cancellationToken)
    {
        progress(SegmentationSteps.Fitting, 0);
        while (true)
        {
            var settings = new KMeansOptions
            {
                ClusterCount = count,
                Starts = 8,
                Seed = (ulong)request.Seed,
                DegreeOfParallelism = options.Threads,
            };
            var model = KMeans.Fit(
                points,
                settings,
                new DirectProgress<KMeansProgress>(step => progress(
                    SegmentationSteps.Fitting, FittedPart * (step.Start - 1 + ((double)step.Iteration / step.IterationsMax)) / step.Starts)),
                cancellationToken);
            if (request.SegmentCount is not null || count <= 2 || model.Sizes.Min() >= ClusterShareMin * points.Rows)
            {
                return (model, count);
            }

            count--;
        }
    }
}
