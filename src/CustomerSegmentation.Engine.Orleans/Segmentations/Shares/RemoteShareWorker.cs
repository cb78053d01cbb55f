using CustomerSegmentation.Actors.Segmentations.Shares;
using CustomerSegmentation.Domain.Segments;
using CustomerSegmentation.Learning.Clustering;
using CustomerSegmentation.Storage.Profiles;

namespace CustomerSegmentation.Engine.Orleans.Segmentations.Shares;

/// <summary>Another silo as the coordinator sees it.</summary>
internal sealed class RemoteShareWorker(IShareService service) : IShareWorker
{
    // A pass asks for many shares by the same version.
    private (Segmentation? Draft, DraftMessage? Message) _latest;

    public async Task<SampledShare> SampleAsync(SampleOrder order, KeyRange share, CancellationToken cancellationToken) =>
        (await service.SampleAsync(SampleOrderMessage.Of(order), share.After, share.UpTo, cancellationToken)).Read();

    public async Task<ClusterSums> SumAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken) =>
        (await service.SumAsync(MessageOf(draft), share.After, share.UpTo, cancellationToken)).Read();

    public async Task<PlacedShare> PlaceAsync(Segmentation draft, KeyRange share, CancellationToken cancellationToken) =>
        (await service.PlaceAsync(MessageOf(draft), share.After, share.UpTo, cancellationToken)).Read();

    public async Task<AssignedShare> AssignAsync(
        Segmentation segmentation, long activation, long referenceTimeMs, KeyRange share, CancellationToken cancellationToken)
    {
        var done = await service.AssignAsync(MessageOf(segmentation), activation, referenceTimeMs, share.After, share.UpTo, cancellationToken);
        return new AssignedShare(done.Rows, done.Assigned);
    }

    public Task ForgetAsync(int version) => service.ForgetAsync(version);

    private DraftMessage MessageOf(Segmentation draft)
    {
        var latest = _latest;
        if (!ReferenceEquals(latest.Draft, draft))
        {
            latest = (draft, DraftMessage.Of(draft));
            _latest = latest;
        }
        return latest.Message!;
    }
}
