using CustomerSegmentation.Contracts.Models;
using CustomerSegmentation.Contracts.Segmentations;

namespace CustomerSegmentation.Engine.Orleans.Segmentations;

/// <summary>Re-clusters the shop; one in the cluster, under key 0.</summary>
public interface ISegmentationCoordinatorGrain : IGrainWithIntegerKey, ISegmentationCoordinator
{
    /// <summary>Sees to it that somebody in the cluster plans re-clusterings and wakes who is due.</summary>
    Task EnsureAsync();

    /// <summary>How far the sequence model is with the customers of the whole cluster; null where no model is active.</summary>
    Task<EncodingView?> GetEncodingAsync();
}
