using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning.Clustering;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Actors.Segmentations.Shares;

/// <summary>
/// Somebody who does a re-clustering's work on shares of the profile index: this process, or another one that reads the same index. A share is a range of
/// customer keys. Every answer depends on the rows of the share alone, whoever reads them; doing a share again does no harm.
/// </summary>
public interface IShareWorker
{
    /// <summary>Draws the share's part of the sample that a fit is made on.</summary>
    Task<SampledShare> SampleAsync(SampleOrder order, KeyRange share, CancellationToken cancellationToken);

    /// <summary>Assigns the share's customers to the nearest centroids, without hysteresis, and sums them up in the draft's space.</summary>
    Task<ClusterSums> SumAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken);

    /// <summary>Places the share's customers as an activation would, without writing it down.</summary>
    Task<PlacedShare> PlaceAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken);

    /// <summary>Assigns whoever of the share is not assigned by this activation or a later one, in the profile index.</summary>
    /// <param name="segmentation">The version in force.</param>
    /// <param name="activation">Its activation.</param>
    /// <param name="referenceTimeMs">The time that features are brought to, milliseconds since 1970-01-01 UTC.</param>
    /// <param name="share">The share.</param>
    /// <param name="cancellationToken">Ends the work between two batches.</param>
    Task<AssignedShare> AssignAsync(
        Segmentation segmentation, long activation, long referenceTimeMs, KeyRange share, CancellationToken cancellationToken);

    /// <summary>Lets go of what was kept in memory between the passes of a version's fit.</summary>
    Task ForgetAsync(int version);
}
