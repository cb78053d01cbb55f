using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations;

/// <summary>Assigns everybody to the segments of an activated version, share by share, from stored vectors.</summary>
internal sealed class Reassignment(SegmentationPorts ports, SegmentationOptions options)
{
    // A checkpoint of an actor that had not noticed the activation can land behind the scan; another pass finds it.
    private const int PassesMax = 3;

    public async Task RunAsync(Segmentation segmentation, long activation, Action<double> progress, CancellationToken token)
    {
        var known = Math.Max(1, (await ports.Profiles.GetTotalsAsync(token)).Segments.Sum(total => total.Customers));
        for (var pass = 0; pass < PassesMax; pass++)
        {
            var left = await PassAsync(segmentation, activation, read => progress(pass > 0 ? 1 : (double)read / known), token);
            if (left == 0)
            {
                return;
            }
        }
    }

    /// <returns>Customers who still had to be assigned.</returns>
    private async Task<long> PassAsync(Segmentation segmentation, long activation, Action<long> progress, CancellationToken token)
    {
        var referenceTimeMs = ports.ReferenceTimeMs();
        var shares = new ShareDispatcher(ports.Workers, KeyRange.Cut(await ports.Profiles.GetLastKeyAsync(token), options.ShareRowsMax));
        long read = 0;
        long assigned = 0;
        await shares.RunAsync(
            (worker, share, ct) => worker.AssignAsync(segmentation, activation, referenceTimeMs, share, ct),
            (_, done) =>
            {
                assigned += done.Assigned;
                progress(read += done.Read);
            },
            token);
        return assigned;
    }
}
