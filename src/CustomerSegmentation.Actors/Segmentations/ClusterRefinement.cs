using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning;
using CustomerSegmentation.Learning.Clustering;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>
/// Lloyd's iteration over everybody, from centroids that were found in a sample. In each pass the shares' workers assign and sum, and the centroids move to the
/// means; the parts are added in the order of the shares, so it does not matter who did which. Nobody's label is kept: the iteration ends once the squared
/// movements of all centroids sum to at most <see cref="Tolerance"/> of a column's variance within the clusters.
/// </summary>
internal sealed class ClusterRefinement(ShareDispatcher shares)
{
    public const double Tolerance = 1e-4;

    private const int PassesMax = 20;

    /// <param name="start">Centroids, k × dimensions.</param>
    /// <param name="draft">Makes a version of centroids, which the workers can read.</param>
    /// <param name="progress">Told of parts of the whole, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The centroids, and the mean squared distance of everybody to theirs.</returns>
    public async Task<(Matrix Centroids, double MeanSquaredDistance)> RunAsync(
        Matrix start, Func<Matrix, Segmentation> draft, Action<double> progress, CancellationToken cancellationToken)
    {
        var centroids = start;
        for (var pass = 0; ; pass++)
        {
            var done = 0;
            var begun = (double)pass / PassesMax;
            var sums = await SumAsync(draft(centroids), centroids, () => progress(begun + ((double)++done / shares.Count / PassesMax)), cancellationToken);
            var within = sums.Inertia / Math.Max(1, sums.Rows);
            var moved = sums.Move(centroids, out var shift);
            if (shift <= Tolerance * within / centroids.Columns || pass == PassesMax - 1)
            {
                // What was measured is kept.
                return (centroids, within);
            }

            centroids = moved;
        }
    }

    private async Task<ClusterSums> SumAsync(Segmentation draft, Matrix centroids, Action done, CancellationToken cancellationToken)
    {
        var parts = new ClusterSums[shares.Count];
        await shares.RunAsync(
            (worker, share, ct) => worker.SumAsync(draft, share, ct),
            (share, part) =>
            {
                parts[share] = part;
                done();
            },
            cancellationToken);
        var sums = new ClusterSums(centroids.Rows, centroids.Columns);
        foreach (var part in parts)
        {
            sums.Add(part);
        }

        return sums;
    }
}
